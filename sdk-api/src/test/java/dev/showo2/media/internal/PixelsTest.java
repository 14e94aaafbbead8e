package dev.showo2.media.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import dev.showo2.media.MediaFixtures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class PixelsTest {

  @Test
  void imageEqualsTheGolden() {
    BufferedImage image =
        Pixels.toImage(MediaFixtures.floats("pixels_to_image.safetensors", "pixels"));
    long[] expected = MediaFixtures.integers("pixels_to_image.safetensors", "image");
    assertEquals(16, image.getHeight());
    assertEquals(64, image.getWidth());
    for (int i = 0; i < expected.length; i++) {
      int pixel = i / 3;
      int rgb = image.getRGB(pixel % 64, pixel / 64);
      assertEquals(expected[i], rgb >> (16 - 8 * (i % 3)) & 0xff);
    }
  }

  @Test
  void valuesAreClampedAndTruncated() {
    assertEquals(0, red(-1f));
    assertEquals(0, red(-7f));
    assertEquals(0, red(Float.NEGATIVE_INFINITY));
    assertEquals(127, red(0f));
    assertEquals(254, red(0.9999f));
    // The sum 2 - 2^-24 has no float of its own and rounds up, in torch too.
    assertEquals(255, red(Math.nextDown(1f)));
    assertEquals(255, red(1f));
    assertEquals(255, red(Float.POSITIVE_INFINITY));
  }

  @Test
  void preprocessingAndBackKeepsWithinOneStep() {
    // Truncation loses a step where the division by 255 was rounded down; it never adds one.
    BufferedImage gray = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 0; x < 256; x++) {
      gray.getRaster().setSample(x, 0, 0, x);
    }
    BufferedImage back = Pixels.toImage(ImagePreprocessor.letterbox(gray, 1, 256));
    for (int x = 0; x < 256; x++) {
      int value = back.getRGB(x, 0) & 0xff;
      assertTrue(value == x || value == x - 1, x + " became " + value);
    }
  }

  @Test
  void framesComeInOrder() {
    float[] values = new float[3 * 2 * 1 * 2];
    values[2] = 1; // red of the second frame's first pixel
    values[4] = 1; // green of the first frame's first pixel
    List<BufferedImage> frames = Pixels.toFrames(new HostTensor(Shape.of(3, 2, 1, 2), values));
    assertEquals(2, frames.size());
    assertEquals(0xff7fff7f, frames.get(0).getRGB(0, 0));
    assertEquals(0xffff7f7f, frames.get(1).getRGB(0, 0));
    assertEquals(0xff7f7f7f, frames.get(1).getRGB(1, 0));
  }

  @Test
  void notANumberIsReportedAndNotPainted() {
    assertThrows(BackendException.class, () -> red(Float.NaN));
  }

  @Test
  void otherShapesAreRefused() {
    HostTensor gray = new HostTensor(Shape.of(1, 2, 2), new float[4]);
    assertThrows(IllegalArgumentException.class, () -> Pixels.toImage(gray));
    HostTensor flat = new HostTensor(Shape.of(12), new float[12]);
    Exception e = assertThrows(IllegalArgumentException.class, () -> Pixels.toImage(flat));
    assertEquals("pixels should be [3, height, width], got [12]", e.getMessage());
    HostTensor empty = new HostTensor(Shape.of(3, 0, 2), new float[0]);
    assertThrows(IllegalArgumentException.class, () -> Pixels.toImage(empty));
  }

  private static int red(float value) {
    HostTensor pixel = new HostTensor(Shape.of(3, 1, 1), new float[] {value, 0, 0});
    return Pixels.toImage(pixel).getRGB(0, 0) >> 16 & 0xff;
  }
}
