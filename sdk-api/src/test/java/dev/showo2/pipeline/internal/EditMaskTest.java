package dev.showo2.pipeline.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks over 32x48 pixels, which are 4x6 latents. */
class EditMaskTest {

  private static final int WIDTH = 32;
  private static final int HEIGHT = 48;

  @Test
  void withoutAMaskAllMayChange() {
    EditMask mask = EditMask.of(Optional.empty(), WIDTH, HEIGHT);
    assertFalse(mask.keepsSomething());
    assertAll(1, mask.pixels(), WIDTH * HEIGHT);
    assertAll(1, mask.latents(), 24);
    assertAll(1, mask.weights(), WIDTH * HEIGHT);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_BYTE_BINARY,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_USHORT_GRAY
      })
  void whiteMayChangeAndBlackMayNot(int type) {
    EditMask mask = mask(type, Color.WHITE, 8, 8, 8, 16);
    assertTrue(mask.keepsSomething());
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int x = i % WIDTH;
      int y = i / WIDTH;
      boolean inside = x >= 8 && x < 16 && y >= 8 && y < 24;
      assertEquals(inside ? 1 : 0, mask.pixels()[i]);
    }
    float[] latents = new float[24];
    latents[5] = 1;
    latents[9] = 1;
    assertArrayEquals(latents, mask.latents());
  }

  @Test
  void aLatentIsAsFreeAsTheFreestOfItsPixels() {
    EditMask white = mask(BufferedImage.TYPE_INT_RGB, Color.WHITE, 15, 15, 2, 1);
    float[] latents = new float[24];
    latents[5] = 1;
    latents[6] = 1;
    assertArrayEquals(latents, white.latents());
    EditMask gray = mask(BufferedImage.TYPE_INT_RGB, new Color(51, 51, 51), 31, 47, 1, 1);
    assertEquals(0.2f, gray.latents()[23], 1e-6f);
    assertEquals(0, gray.latents()[22]);
    assertTrue(gray.keepsSomething());
  }

  @Test
  void oneBlackPixelIsKept() {
    BufferedImage image = filled(Color.WHITE);
    image.setRGB(31, 47, 0);
    assertTrue(EditMask.of(Optional.of(image), WIDTH, HEIGHT).keepsSomething());
  }

  @Test
  void masksAreCutAndScaledLikeTheirImage() {
    BufferedImage image = new BufferedImage(96, 96, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 48, 96, 48);
    graphics.dispose();
    EditMask mask = EditMask.of(Optional.of(image), WIDTH, HEIGHT);
    assertEquals(0, mask.pixels()[0]);
    assertEquals(1, mask.pixels()[WIDTH * HEIGHT - 1]);
    assertEquals(0, mask.latents()[4]);
    assertEquals(1, mask.latents()[16]);
    for (float pixel : mask.pixels()) {
      assertTrue(pixel >= 0 && pixel <= 1, "pixel " + pixel);
    }
  }

  @Test
  void weightsRiseInsideOfTheMaskAndAreNoneOutside() {
    EditMask mask = mask(BufferedImage.TYPE_INT_RGB, Color.WHITE, 8, 10, 16, 20);
    float[] weights = mask.weights();
    float[] row = new float[18];
    System.arraycopy(weights, 20 * WIDTH + 7, row, 0, 18);
    assertArrayEquals(
        new float[] {0, 0.2f, 0.4f, 0.6f, 0.8f, 1, 1, 1, 1, 1, 1, 1, 1, 0.8f, 0.6f, 0.4f, 0.2f, 0},
        row,
        1e-6f);
    for (int i = 0; i < weights.length; i++) {
      assertEquals(mask.pixels()[i] == 0, weights[i] == 0, "pixel " + i);
    }
  }

  @Test
  void theEdgesOfTheImageAreNoEdgesOfTheMask() {
    float[] weights = mask(BufferedImage.TYPE_INT_RGB, Color.WHITE, 0, 0, 16, 48).weights();
    assertEquals(1, weights[0]);
    assertEquals(1, weights[47 * WIDTH + 11]);
    assertEquals(0.8f, weights[47 * WIDTH + 12], 1e-6f);
    assertEquals(0, weights[47 * WIDTH + 16]);
  }

  @Test
  void theThinnestLineChangesALittle() {
    EditMask mask = mask(BufferedImage.TYPE_INT_RGB, Color.WHITE, 10, 0, 1, 48);
    assertEquals(0.2f, mask.weights()[10], 1e-6f);
    assertEquals(0, mask.weights()[9]);
    EditMask wider = mask(BufferedImage.TYPE_INT_RGB, Color.WHITE, 10, 0, 3, 48);
    assertEquals(0.4f, wider.weights()[11], 1e-6f);
  }

  @Test
  void weightsOfGrayAreItsShare() {
    float[] weights =
        EditMask.of(Optional.of(filled(new Color(51, 51, 51))), WIDTH, HEIGHT).weights();
    for (float weight : weights) {
      assertEquals(0.2f, weight, 1e-6f);
    }
  }

  private static void assertAll(float expected, float[] values, int length) {
    float[] all = new float[length];
    Arrays.fill(all, expected);
    assertArrayEquals(all, values);
  }

  /** A rectangle on black. */
  private static EditMask mask(int type, Color color, int x, int y, int width, int height) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.BLACK); // opaque, where the type has alpha
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
    graphics.setColor(color);
    graphics.fillRect(x, y, width, height);
    graphics.dispose();
    return EditMask.of(Optional.of(image), WIDTH, HEIGHT);
  }

  private static BufferedImage filled(Color color) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
    graphics.dispose();
    return image;
  }
}
