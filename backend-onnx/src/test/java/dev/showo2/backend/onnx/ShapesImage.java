package dev.showo2.backend.onnx;

import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.tensor.HostTensor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Random;

/** Large images of what the demo VAE knows: colored shapes on gray, as many as fit. */
final class ShapesImage {

  private static final Color[] COLORS = {
    Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW, Color.WHITE, Color.BLACK, Color.ORANGE
  };

  private static final int PIXELS_PER_SHAPE = 2500;

  private ShapesImage() {}

  /**
   * @param shift how far all shapes have moved to the right
   * @return [1, 3, 1, height, width] in -1 … 1
   */
  static HostTensor pixels(long seed, int height, int width, int shift) {
    return ImagePreprocessor.centerCrop(draw(seed, height, width, shift), height, width)
        .reshape(1, 3, 1, height, width);
  }

  private static BufferedImage draw(long seed, int height, int width, int shift) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.GRAY);
    graphics.fillRect(0, 0, width, height);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    Random random = new Random(seed);
    for (int i = 0; i < height * width / PIXELS_PER_SHAPE; i++) {
      int size = 16 + random.nextInt(26);
      int x = random.nextInt(width) - size / 2 + shift;
      int y = random.nextInt(height) - size / 2;
      graphics.setColor(COLORS[random.nextInt(COLORS.length)]);
      switch (random.nextInt(3)) {
        case 0 -> graphics.fillOval(x, y, size, size);
        case 1 -> graphics.fillRect(x, y, size, size);
        default ->
            graphics.fillPolygon(
                new int[] {x, x + size, x + size / 2}, new int[] {y + size, y + size, y}, 3);
      }
    }
    graphics.dispose();
    return image;
  }
}
