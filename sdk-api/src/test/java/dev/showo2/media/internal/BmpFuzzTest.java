package dev.showo2.media.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.awt.image.BufferedImage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows bitmaps, changed. */
class BmpFuzzTest {

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void filesAreReadOrRefused(byte[] file) throws Exception {
    FuzzedImage.readOrRefuse(file);
  }

  static Stream<Named<byte[]>> seeds() {
    byte[] runs = bmp(BufferedImage.TYPE_BYTE_INDEXED);
    runs[30] = 1;
    byte[] masks = bmp(BufferedImage.TYPE_INT_RGB);
    masks[30] = 3;
    return Stream.of(
        Named.of("plain", bmp(BufferedImage.TYPE_INT_RGB)),
        Named.of("palette", bmp(BufferedImage.TYPE_BYTE_INDEXED)),
        Named.of("bits", bmp(BufferedImage.TYPE_BYTE_BINARY)),
        Named.of("runs", runs),
        Named.of("masks", masks));
  }

  private static byte[] bmp(int type) {
    return FuzzedImage.write(new BufferedImage(5, 3, type), "bmp");
  }
}
