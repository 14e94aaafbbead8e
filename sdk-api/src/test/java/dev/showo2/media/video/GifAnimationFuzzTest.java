package dev.showo2.media.video;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.media.UntrustedMedia;
import dev.showo2.media.internal.GifFrame;
import dev.showo2.media.internal.GifFrames;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Animated GIFs, to their last frame. */
class GifAnimationFuzzTest {

  /** In bytes: four a pixel of the screen, one a pixel of all images, which are then copied. */
  private static final long LIMIT = 1 << 20;

  private static final Path FILE = Path.of("fuzzed.gif");

  @Timeout(10)
  @MethodSource("animations")
  @FuzzTest
  void animationsAreReadOrRefused(byte[] gif) throws Exception {
    if (gif.length < 10 || (gif[7] | gif[9]) != 0 || bytesOfImages(gif) > LIMIT) {
      return; // which needs memory and time that are no fault
    }
    UntrustedMedia.readOrRefuse(2 * LIMIT + (8 << 20), () -> frames(gif));
  }

  private static int frames(byte[] gif) {
    try (FrameSource source = GifSource.open(FILE, () -> new ByteArrayInputStream(gif))) {
      int count = 0;
      while (source.skip()) {
        count++;
      }
      return count;
    }
  }

  /** The bytes that the images claim; 0 where their blocks are corrupt. */
  private static long bytesOfImages(byte[] gif) {
    long bytes = 0;
    try (GifFrames frames = GifFrames.of(new ByteArrayInputStream(gif))) {
      for (Optional<GifFrame> next = frames.next(); next.isPresent(); next = frames.next()) {
        GifFrame image = next.get();
        if (bytes == 0) {
          // To which the screen grows.
          long width = Math.max(frames.width(), image.x() + image.width());
          bytes = 4 * width * Math.max(frames.height(), image.y() + image.height());
        }
        bytes += (long) image.width() * image.height();
      }
      return bytes;
    } catch (IOException e) {
      return 0;
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
