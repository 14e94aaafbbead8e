package dev.showo2.media.video;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.media.UntrustedMedia;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Animated GIFs, to their last frame. */
class GifFuzzTest {

  /** Frames of 35 million pixels are read: a byte each for the codes and for the colors. */
  private static final long LIMIT = 160 << 20;

  private static Path file;

  @Timeout(10)
  @MethodSource("animations")
  @FuzzTest
  void animationsAreReadOrRefused(byte[] gif) throws Exception {
    if (gif.length < 10 || (gif[7] | gif[9]) != 0) {
      return; // a screen of more than 256 pixels a side, which needs memory that is no fault
    }
    if (file == null) {
      file = Files.createTempFile("fuzzed", ".gif");
    }
    Files.write(file, gif);
    UntrustedMedia.readOrRefuse(LIMIT, () -> frames(file));
  }

  private static int frames(Path file) {
    try (FrameSource source = VideoReader.open(file)) {
      int count = 0;
      while (source.skip()) {
        count++;
      }
      return count;
    }
  }

  @AfterAll
  static void delete() throws IOException {
    if (file != null) {
      Files.delete(file);
    }
  }

  static Stream<Named<byte[]>> animations() {
    return Stream.of(
        Named.of(
            "disposals",
            new GifClip(3, 3)
                .frame(0, 0, 3, GifClip.KEEP, 10, "123012301")
                .frame(1, 1, 2, GifClip.CLEAR, 10, "1212")
                .frame(0, 1, 2, GifClip.PREVIOUS, 10, "3131")
                .withoutTrailer()),
        Named.of(
            "transparent and interlaced",
            new GifClip(2, 4)
                .comment("a comment")
                .frame(0, 0, 2, GifClip.KEEP, 0, 1, true, "12301230")
                .plainFrame(1, 1, 4, false, "12301230")
                .withoutTrailer()));
  }
}
