package dev.showo2.backend.onnx;

import java.awt.image.BufferedImage;

/** Measures on images of one size. */
final class Images {

  private Images() {}

  /** Mean absolute difference of 8-bit values. */
  static double meanDifference(BufferedImage a, BufferedImage b) {
    return meanDifference(a, b, 0, a.getWidth());
  }

  /** The same over the columns from {@code from} to below {@code to}. */
  static double meanDifference(BufferedImage a, BufferedImage b, int from, int to) {
    long sum = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = from; x < to; x++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          sum += Math.abs((a.getRGB(x, y) >> shift & 0xff) - (b.getRGB(x, y) >> shift & 0xff));
        }
      }
    }
    return sum / (3.0 * (to - from) * a.getHeight());
  }

  /** Mean absolute step of 8-bit values from column {@code x - 1} to column {@code x}. */
  static double stepAt(BufferedImage image, int x) {
    long sum = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int shift = 0; shift <= 16; shift += 8) {
        sum +=
            Math.abs(
                (image.getRGB(x, y) >> shift & 0xff) - (image.getRGB(x - 1, y) >> shift & 0xff));
      }
    }
    return sum / (3.0 * image.getHeight());
  }

  /** Each square of pixels as one of their mean. */
  static BufferedImage shrunk(BufferedImage image, int factor) {
    BufferedImage small =
        new BufferedImage(
            image.getWidth() / factor, image.getHeight() / factor, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < small.getHeight(); y++) {
      for (int x = 0; x < small.getWidth(); x++) {
        small.setRGB(x, y, mean(image, x * factor, y * factor, factor));
      }
    }
    return small;
  }

  private static int mean(BufferedImage image, int left, int top, int side) {
    int rgb = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int sum = 0;
      for (int y = top; y < top + side; y++) {
        for (int x = left; x < left + side; x++) {
          sum += image.getRGB(x, y) >> shift & 0xff;
        }
      }
      rgb |= sum / (side * side) << shift;
    }
    return rgb;
  }
}
