package dev.showo2.demo.world;

import java.awt.image.BufferedImage;

/** Peak signal-to-noise ratio. */
final class Psnr {

  private static final double PEAK = 255;

  private Psnr() {}

  /** In decibels, over the three channels of all pixels; infinite for equal images. */
  static double between(BufferedImage a, BufferedImage b) {
    if (a.getWidth() != b.getWidth() || a.getHeight() != b.getHeight()) {
      throw new IllegalArgumentException(
          "images of one size were expected, found %dx%d and %dx%d"
              .formatted(a.getWidth(), a.getHeight(), b.getWidth(), b.getHeight()));
    }
    double squares = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        Rgb difference = Rgb.of(a.getRGB(x, y)).minus(Rgb.of(b.getRGB(x, y)));
        squares += difference.dot(difference);
      }
    }
    double mean = squares / (3.0 * a.getWidth() * a.getHeight());
    return 10 * Math.log10(PEAK * PEAK / mean);
  }
}
