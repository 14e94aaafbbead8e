package dev.showo2.media;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Image files of all formats, in memory. */
class ImageFuzzTest {

  @Timeout(10)
  @MethodSource("bitmaps")
  @FuzzTest
  void bitmapsAreReadOrRefused(byte[] file) throws Exception {
    if (file.length < 26 || (file[20] | file[21] | file[24] | file[25]) != 0) {
      return; // more than 65536 pixels a side, which needs memory that is no fault
    }
    if ((file[19] | file[23]) != 0) {
      return;
    }
    UntrustedMedia.readOrRefuse(8 << 20, () -> ImageDecoder.decode(file, "fuzzed"));
  }

  static Stream<Named<byte[]>> bitmaps() {
    return Stream.of(
        Named.of("rgb", write(new BufferedImage(5, 3, BufferedImage.TYPE_3BYTE_BGR), "bmp")),
        Named.of(
            "palette", write(new BufferedImage(5, 3, BufferedImage.TYPE_BYTE_INDEXED), "bmp")));
  }

  private static byte[] write(BufferedImage image, String format) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toByteArray();
  }
}
