package dev.showo2.conformance.demo;

import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.util.Random;

/** Pictures made worse, as an image decoder might do it. */
final class Degraded {

  private static final float[] BINOMIAL = {
    1 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 4 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 1 / 16f
  };

  private Degraded() {}

  /** A blur with a deviation of 0.7 pixels times the square root of the passes. */
  static BufferedImage blurred(BufferedImage picture, int passes) {
    ConvolveOp pass = new ConvolveOp(new Kernel(3, 3, BINOMIAL), ConvolveOp.EDGE_NO_OP, null);
    BufferedImage blurred = picture;
    for (int i = 0; i < passes; i++) {
      blurred = pass.filter(blurred, null);
    }
    return blurred;
  }

  /** Independent noise with this deviation in every channel of every pixel. */
  static BufferedImage noisy(BufferedImage picture, double deviation, Random random) {
    BufferedImage noisy =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        int packed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
          int channel = picture.getRGB(x, y) >> shift & 0xff;
          double moved = channel + deviation * random.nextGaussian();
          packed |= (int) Math.round(Math.min(255, Math.max(0, moved))) << shift;
        }
        noisy.setRGB(x, y, packed);
      }
    }
    return noisy;
  }
}
