package dev.showo2.demo.world;

import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.util.Random;

/** Images made worse, as an image decoder might do it. */
final class Degraded {

  private static final float[] BINOMIAL = {
    1 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 4 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 1 / 16f
  };

  private Degraded() {}

  /** A blur with a deviation of 0.7 pixels times the square root of the passes. */
  static BufferedImage blurred(BufferedImage image, int passes) {
    ConvolveOp pass = new ConvolveOp(new Kernel(3, 3, BINOMIAL), ConvolveOp.EDGE_NO_OP, null);
    BufferedImage blurred = image;
    for (int i = 0; i < passes; i++) {
      blurred = pass.filter(blurred, null);
    }
    return blurred;
  }

  /** Independent noise with this deviation in every channel of every pixel. */
  static BufferedImage noisy(BufferedImage image, double deviation, Random random) {
    BufferedImage noisy =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int packed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
          int channel = image.getRGB(x, y) >> shift & 0xff;
          double moved = channel + deviation * random.nextGaussian();
          packed |= (int) Math.round(Math.min(255, Math.max(0, moved))) << shift;
        }
        noisy.setRGB(x, y, packed);
      }
    }
    return noisy;
  }
}
