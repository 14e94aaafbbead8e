package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks that FFmpeg frees its memory. Frames of 640x480 take 460 kB as they are stored and a
 * decoder keeps several of them, so one that were left behind each time would soon show.
 */
class NativeMemoryTest {

  private static final int WARM_UP = 30;
  private static final int TIMES = 80;
  private static final int STRETCHES = 4;
  private static final long ALLOWED = 8 << 20;

  private static final List<BufferedImage> FRAMES = Clips.smooth(640, 480, 2);

  @TempDir Path directory;

  @Test
  void readingGivesEverythingBack() {
    Path file = directory.resolve("clip.mp4");
    VideoWriter.write(FRAMES, 8, file);
    requireFlat(
        () -> {
          try (FrameSource source = VideoReader.open(file)) {
            source.skip(); // and leaves the second frame inside
          }
        });
  }

  @Test
  void corruptFilesFreeAllMemory() throws IOException {
    Path whole = directory.resolve("clip.webm");
    VideoWriter.write(FRAMES, 8, whole);
    byte[] bytes = Files.readAllBytes(whole);
    Path truncated = Files.write(directory.resolve("cut"), Arrays.copyOf(bytes, bytes.length / 2));
    Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0x55);
    Path corrupt = Files.write(directory.resolve("corrupt"), bytes);
    Path text = Files.writeString(directory.resolve("text"), "no video at all");
    VideoWriter.write(FRAMES, 8, directory.resolve("clip.mp4"));
    byte[] mp4 = Files.readAllBytes(directory.resolve("clip.mp4"));
    int pixels = new String(mp4, StandardCharsets.ISO_8859_1).indexOf("mdat") + 4;
    Arrays.fill(mp4, pixels, mp4.length, (byte) 0x55);
    Path withoutAFrame = Files.write(directory.resolve("none"), mp4);
    requireFlat(
        () -> {
          for (Path file : List.of(truncated, corrupt, withoutAFrame, text)) {
            assertThrows(
                InvalidRequestException.class,
                () -> {
                  try (FrameSource source = VideoReader.open(file)) {
                    while (source.skip()) {
                      // To the damage.
                    }
                    throw new InvalidRequestException("it ended early");
                  }
                });
          }
        });
  }

  @Test
  void writingThatIsGivenUpGivesEverythingBack() {
    requireFlat(
        () -> {
          for (String name : List.of("clip.mp4", "clip.webm")) {
            try (VideoWriter writer = VideoWriter.create(directory.resolve(name))) {
              writer.frame(0, FRAMES.get(0));
            }
          }
        });
    assertEquals(List.of(), Clips.names(directory));
  }

  private static void requireFlat(Runnable work) {
    IntStream.range(0, WARM_UP).forEach(i -> work.run());
    long grown = Long.MAX_VALUE;
    // A leak goes on and on; parts of the heap that are used for the first time do not.
    for (int stretch = 0; stretch < STRETCHES && grown >= ALLOWED; stretch++) {
      long memory = physicalBytes();
      long files = openFiles();
      IntStream.range(0, TIMES).forEach(i -> work.run());
      long opened = openFiles() - files;
      // Fewer are open where the collector closes what other tests left.
      assertTrue(opened <= 0, opened + " files are left open");
      grown = physicalBytes() - memory;
    }
    assertTrue(
        grown < ALLOWED,
        "grown by " + (grown >> 10) + " KiB in " + TIMES + " times, and before that too");
  }

  /** After a collection, so that a stretch takes the heap's memory that the last one took. */
  private static long physicalBytes() {
    System.gc();
    return Pointer.physicalBytes();
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  @Test
  void videosAreReadAndWrittenAtTheSameTime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<List<Integer>>> tasks =
          IntStream.range(0, 12)
              .<Callable<List<Integer>>>mapToObj(i -> () -> writtenAndRead(i))
              .toList();
      for (Future<List<Integer>> numbers : threads.invokeAll(tasks)) {
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), numbers.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Integer> writtenAndRead(int index) {
    Path file = directory.resolve(index + List.of(".mp4", ".webm", ".gif").get(index % 3));
    VideoWriter.write(Clips.numbered(32 + index, 32, 8), 8, file);
    return Clips.read(file).stream().map(Clips::number).toList();
  }
}
