package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.internal.FrameSampling;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VideoSamplingTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"clip.mp4", "clip.webm", "clip.gif", "clip"})
  void framesAreSpreadAsInTheOfficialCode(String name) {
    Path file = directory.resolve(name);
    VideoWriter.write(Clips.numbered(16, 16, 23), 8, file);
    for (int count : new int[] {1, 2, 5, 8, 23, 32}) {
      List<Integer> taken = VideoReader.sample(file, count).stream().map(Clips::number).toList();
      List<Integer> expected = Arrays.stream(FrameSampling.evenly(23, count)).boxed().toList();
      assertEquals(expected, taken, name + " " + count);
    }
  }

  @Test
  void repeatedFramesAreOneObjectConvertedOnce() {
    List<BufferedImage> converted = new ArrayList<>();
    List<BufferedImage> frames = Clips.numbered(4, 4, 2);
    List<BufferedImage> taken =
        VideoReader.sample(
            () -> FrameSource.of(frames, 8),
            5,
            frame -> {
              converted.add(frame);
              return frame;
            });
    assertEquals(5, taken.size());
    assertSame(taken.get(0), taken.get(3));
    assertSame(frames.get(1), taken.get(4));
    assertEquals(2, converted.size());
  }

  /** A source that counts its calls and states a given number of frames. */
  private static final class Claiming implements SizedSource {

    private final int frames;
    private final long claimed;
    private final List<String> log;
    private int next;

    Claiming(int frames, long claimed, List<String> log) {
      this.frames = frames;
      this.claimed = claimed;
      this.log = log;
      log.add("open");
    }

    @Override
    public Optional<BufferedImage> next() {
      if (next == frames) {
        return Optional.empty();
      }
      log.add("frame " + next);
      return Optional.of(Clips.numbered(2, 2, 25).get(next++));
    }

    @Override
    public boolean skip() {
      return next < frames && next++ >= 0;
    }

    @Override
    public double frameRate() {
      return 8;
    }

    @Override
    public long claimedFrames() {
      return claimed;
    }

    @Override
    public void close() {
      log.add("close");
    }
  }

  @Test
  void videoWithTheRightNumberOfFramesIsReadOnce() {
    List<String> log = new ArrayList<>();
    assertEquals(List.of(0, 4, 9), sampled(10, 10, log));
    assertEquals(List.of("open", "frame 0", "frame 4", "frame 9", "close"), log);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4, 9, 11, 25, 1_000_000_000_000L})
  void videoThatDoesNotIsCountedFirst(long claimed) {
    List<String> log = new ArrayList<>();
    assertEquals(List.of(0, 4, 9), sampled(10, claimed, log));
    assertEquals(
        List.of("open", "frame 0", "frame 4", "frame 9", "close"),
        log.subList(log.size() - 5, log.size()));
    assertEquals(2, log.stream().filter("close"::equals).count());
  }

  private static List<Integer> sampled(int frames, long claimed, List<String> log) {
    return VideoReader.sample(() -> new Claiming(frames, claimed, log), 3, Clips::number);
  }

  @Test
  void sourcesAreClosedWhenConvertingFails() {
    List<String> log = new ArrayList<>();
    assertThrows(
        ArithmeticException.class,
        () ->
            VideoReader.sample(
                () -> new Claiming(5, 5, log),
                2,
                frame -> {
                  throw new ArithmeticException();
                }));
    assertEquals(List.of("open", "frame 0", "close"), log);
  }

  @Test
  void videoThatChangesMeanwhileIsRefused() {
    List<String> log = new ArrayList<>();
    String message =
        assertThrows(
                InvalidRequestException.class,
                () ->
                    VideoReader.sample(
                        () -> new Claiming(log.isEmpty() ? 5 : 4, 0, log), 2, Function.identity()))
            .getMessage();
    assertEquals(
        "the video had 5 frames at first and then 4; do not change it while it is read", message);
  }

  @Test
  void videoWithoutFramesIsRefused() {
    String message =
        assertThrows(InvalidRequestException.class, () -> sampled(0, 0, new ArrayList<>()))
            .getMessage();
    assertEquals("the video has no frames; at least one is needed", message);
    assertEquals(
        "frames: at least one is needed, found none",
        assertThrows(InvalidRequestException.class, () -> FrameSource.of(List.of(), 8))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 200_001})
  void countsOutOfRange(int count) {
    Path file = directory.resolve("not even looked at.mp4");
    assertEquals(
        "count: from 1 to 200000 frames can be sampled, found " + count,
        assertThrows(InvalidRequestException.class, () -> VideoReader.sample(file, count))
            .getMessage());
  }

  @Test
  void imagesThatAreThereAlreadyAreASource() {
    List<BufferedImage> frames = Clips.numbered(4, 4, 3);
    FrameSource source = FrameSource.of(frames, 12.5);
    assertEquals(12.5, source.frameRate());
    assertEquals(frames, Clips.all(source));
    assertTrue(source.next().isEmpty());
    source.close();
    assertThrows(IllegalStateException.class, source::next);
  }
}
