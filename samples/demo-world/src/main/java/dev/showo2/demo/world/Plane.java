package dev.showo2.demo.world;

/**
 * One number for each pixel of an image: how much of the pixel the shape covers, from 0 to 1. Pixel
 * (x, y) has its center at (x + 0.5, y + 0.5).
 */
final class Plane {

  /** Width and height of every image of the world. */
  static final int SIDE = 64;

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
}
