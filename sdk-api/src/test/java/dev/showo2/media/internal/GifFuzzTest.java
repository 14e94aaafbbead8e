package dev.showo2.media.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.media.MediaFixtures;
import java.awt.image.BufferedImage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** GIF files, changed. */
class GifFuzzTest {

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void filesAreReadOrRefused(byte[] file) throws Exception {
    FuzzedImage.readOrRefuse(file);
  }

  static Stream<Named<byte[]>> seeds() {
    return Stream.of(Named.of("one row", gif(2, 1)), Named.of("many colors", gif(20, 20)));
  }

  private static byte[] gif(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED);
    image.createGraphics().drawImage(MediaFixtures.noise(width, height, 1), 0, 0, null);
    return FuzzedImage.write(image, "gif");
  }
}
