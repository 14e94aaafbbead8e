package dev.showo2.demo.world;

/**
 * One number for each pixel of an image: how much of the pixel the shape covers, from 0 to 1. Pixel
 * (x, y) has its center at (x + 0.5, y + 0.5).
 */
final class Plane {

  /** Width and height of every image of the world. */
  static final int SIDE = 64;

  /**
   * Coverage up to this is taken as none, and from {@link #SHAPE_FROM} on as full, in {@link
   * #crisp()}. It keeps the noise and the faint halos of the image decoder out. The choice hardly
   * matters: other borders changed the share of right shapes by at most two in a hundred, in images
   * that the demo's VAE had encoded and decoded as well as in generated ones.
   */
  private static final double NOTHING_TO = 0.3;

  private static final double SHAPE_FROM = 0.7;

  private final double[] values = new double[SIDE * SIDE];

  /** A rule that gives the value of a pixel. */
  interface Rule {
    double at(int x, int y);
  }

  Plane(Rule rule) {
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        values[y * SIDE + x] = rule.at(x, y);
      }
    }
  }

  double at(int x, int y) {
    return values[y * SIDE + x];
  }

  double sum() {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  double centroidX() {
    return new Plane((x, y) -> at(x, y) * (x + 0.5)).sum() / sum();
  }

  double centroidY() {
    return new Plane((x, y) -> at(x, y) * (y + 0.5)).sum() / sum();
  }

  /**
   * Coverage with its edges made crisp again, so that a blurred shape has the area of a sharp one.
   */
  Plane crisp() {
    return new Plane(
        (x, y) -> Math.min(1, Math.max(0, (at(x, y) - NOTHING_TO) / (SHAPE_FROM - NOTHING_TO))));
  }
}
