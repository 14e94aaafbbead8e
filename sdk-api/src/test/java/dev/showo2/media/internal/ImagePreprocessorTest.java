package dev.showo2.media.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.media.MediaFixtures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class ImagePreprocessorTest {

  @Test
  void centerCropEqualsTheGolden() {
    assertEqual(
        MediaFixtures.floats("center_crop_64x64.safetensors", "pixels"),
        ImagePreprocessor.centerCrop(MediaFixtures.photo(), 64, 64));
  }

  @Test
  void letterboxIntoASquareEqualsTheGolden() {
    assertEqual(
        MediaFixtures.floats("letterbox_64x64.safetensors", "pixels"),
        ImagePreprocessor.letterbox(MediaFixtures.photo(), 64, 64));
  }

  @Test
  void letterboxIntoARectangleEqualsTheGolden() {
    assertEqual(
        MediaFixtures.floats("letterbox_64x96.safetensors", "pixels"),
        ImagePreprocessor.letterbox(MediaFixtures.photo(), 64, 96));
  }

  /** Bit for bit, which is stricter than the 1/255 that is asked for. */
  private static void assertEqual(HostTensor expected, HostTensor actual) {
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.values(), actual.values());
  }

  @Test
  void imageOfTheTargetsSizeStaysAsItIs() {
    BufferedImage image = MediaFixtures.noise(6, 4, 1);
    HostTensor cropped = ImagePreprocessor.centerCrop(image, 4, 6);
    assertArrayEquals(cropped.values(), ImagePreprocessor.letterbox(image, 4, 6).values());
    int rgb = image.getRGB(5, 2);
    for (int channel = 0; channel < 3; channel++) {
      float expected = ((rgb >> (16 - 8 * channel) & 0xff) / 255f - 0.5f) / 0.5f;
      assertEquals(expected, cropped.values()[channel * 24 + 2 * 6 + 5]);
    }
  }

  @Test
  void cropOffsetIsRoundedHalfToEven() {
    // 3 spare columns give 1.5, which becomes 2; 1 spare column gives 0.5, which becomes 0.
    assertEquals(2, firstColumn(7));
    assertEquals(0, firstColumn(5));
  }

  /** The first column of an image of 4 rows after cropping it to 4x4. */
  private static int firstColumn(int width) {
    BufferedImage image = new BufferedImage(width, 4, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < 4; y++) {
        image.setRGB(x, y, x);
      }
    }
    float blue = ImagePreprocessor.centerCrop(image, 4, 4).values()[2 * 16];
    return Math.round((blue + 1) / 2 * 255);
  }

  @Test
  void rectangularTargetIsCoveredFromBothSides() {
    BufferedImage tall = MediaFixtures.noise(40, 90, 2);
    BufferedImage wide = MediaFixtures.noise(200, 30, 3);
    assertEquals(Shape.of(3, 20, 30), ImagePreprocessor.centerCrop(tall, 20, 30).shape());
    assertEquals(Shape.of(3, 20, 30), ImagePreprocessor.centerCrop(wide, 20, 30).shape());
    // 40x90 is scaled by 3/4 to 30x67, of which rows round(23.5) = 24 to 43 are cut out.
    byte[] scaled =
        BicubicResize.resize(
            RgbRows.of(tall),
            BicubicResize.Axis.of(40, 30, 0, 30),
            BicubicResize.Axis.of(90, 67, 0, 67));
    float red = ImagePreprocessor.centerCrop(tall, 20, 30).values()[0];
    assertEquals(((scaled[3 * 24 * 30] & 0xff) / 255f - 0.5f) / 0.5f, red);
  }

  @Test
  void letterboxKeepsThinImages() {
    BufferedImage line = new BufferedImage(1, 5000, BufferedImage.TYPE_INT_RGB);
    line.setRGB(0, 0, 0xffffff);
    HostTensor boxed = ImagePreprocessor.letterbox(line, 8, 8);
    assertEquals(-1f, boxed.values()[0]);
    assertEquals(Shape.of(3, 8, 8), boxed.shape());
  }

  @Test
  void extremeAspectRatioNeedsNoMemory() {
    BufferedImage line = new BufferedImage(100_000, 1, BufferedImage.TYPE_BYTE_GRAY);
    // Scaled as a whole this would have 43 million columns of 432 rows.
    assertEquals(Shape.of(3, 432, 432), ImagePreprocessor.centerCrop(line, 432, 432).shape());
  }

  @Test
  void emptyTargetIsRefused() {
    BufferedImage image = MediaFixtures.noise(4, 4, 1);
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> ImagePreprocessor.centerCrop(image, 0, 5));
    assertEquals("the target should be at least 1x1 pixels, got height 0, width 5", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> ImagePreprocessor.letterbox(image, 5, -1));
  }
}
