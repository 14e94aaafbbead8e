package dev.showo2.media.internal;

import dev.showo2.media.MediaFixtures;
import dev.showo2.media.UntrustedMedia;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Named;

/** Reads image files that are corrupt on purpose, with a limit that keeps each of them fast. */
final class FuzzedImage {

  private static final long MAX_PIXELS = 1 << 16;

  /** For an image of that size, its rows and tables, and what instrumentation takes. */
  private static final long MAX_BYTES = 16 << 20;

  /** For the tile that a small image may have, up to three times. */
  private static final long MAX_TIFF_BYTES = 64 << 20;

  private FuzzedImage() {}

  static void readOrRefuse(byte[] file) throws Exception {
    Optional<ImageFormat> format = ImageFormat.of(file);
    if (format.isPresent()) {
      long limit = format.get() == ImageFormat.TIFF ? MAX_TIFF_BYTES : MAX_BYTES;
      UntrustedMedia.readOrRefuse(
          limit + 8L * file.length,
          () -> StillImage.open(file, format.get(), "fuzzed", MAX_PIXELS).read());
    }
  }

  /** The files of one format among those that Pillow has read. */
  static Stream<Named<byte[]>> seeds(String fixture, ImageFormat format) {
    return MediaFixtures.json(fixture).getAsJsonArray().asList().stream()
        .map(each -> Base64.getDecoder().decode(each.getAsJsonObject().get("file").getAsString()))
        .filter(file -> ImageFormat.of(file).orElseThrow() == format)
        .map(file -> Named.of(file.length + " bytes", file));
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
