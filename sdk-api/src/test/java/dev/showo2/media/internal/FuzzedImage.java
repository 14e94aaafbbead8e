package dev.showo2.media.internal;

import dev.showo2.media.UntrustedMedia;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Reads image files that are corrupt on purpose, with a limit that keeps each of them fast. */
final class FuzzedImage {

  private static final long MAX_PIXELS = 1 << 16;

  /** For an image of that size, its rows and tables, and what instrumentation takes. */
  private static final long MAX_BYTES = 16 << 20;

  private FuzzedImage() {}

  static void readOrRefuse(byte[] file) throws Exception {
    Optional<ImageFormat> format = ImageFormat.of(file);
    if (format.isPresent()) {
      UntrustedMedia.readOrRefuse(
          MAX_BYTES + 8L * file.length,
          () -> StillImage.open(file, format.get(), "fuzzed", MAX_PIXELS).read());
    }
  }

  static byte[] write(BufferedImage image, String format) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toByteArray();
  }
}
