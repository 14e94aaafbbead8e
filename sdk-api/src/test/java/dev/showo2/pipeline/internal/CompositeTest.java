package dev.showo2.pipeline.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All 256 levels, as red ones, upside down as green ones, and a constant blue. */
class CompositeTest {

  private static final BufferedImage ORIGINAL =
      new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
  private static final BufferedImage CHANGED =
      new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);

  static {
    for (int i = 0; i < 256; i++) {
      ORIGINAL.setRGB(i % 16, i / 16, i << 16 | (255 - i) << 8 | 10);
      CHANGED.setRGB(i % 16, i / 16, 200 << 16 | 100 << 8 | i);
    }
  }

  @Test
  void noWeightGivesTheOriginalExactly() {
    BufferedImage composite = composite(0);
    for (int i = 0; i < 256; i++) {
      assertEquals(ORIGINAL.getRGB(i % 16, i / 16), composite.getRGB(i % 16, i / 16));
    }
  }

  @Test
  void fullWeightGivesTheChange() {
    BufferedImage composite = composite(1);
    for (int i = 0; i < 256; i++) {
      assertEquals(CHANGED.getRGB(i % 16, i / 16), composite.getRGB(i % 16, i / 16));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.2, 40, 224, 8", "0.5, 100, 178, 5", "0.8, 160, 131, 2"})
  void aWeightBetweenMixesThem(float weight, int red, int green, int blue) {
    int mixed = composite(weight).getRGB(0, 0);
    assertEquals(red, mixed >> 16 & 0xff);
    assertEquals(green, mixed >> 8 & 0xff);
    assertEquals(blue, mixed & 0xff);
  }

  private static BufferedImage composite(float weight) {
    HostTensor original = ImagePreprocessor.centerCrop(ORIGINAL, 16, 16).reshape(1, 3, 1, 16, 16);
    float[] weights = new float[256];
    Arrays.fill(weights, weight);
    return Composite.of(CHANGED, original, weights);
  }
}
