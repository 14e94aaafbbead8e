package dev.showo2.media.internal;

/**
 * One axis of Pillow's antialiased bicubic resize (SPEC appendix B): which source pixels make each
 * target pixel, and with what weights in units of 2<sup>-22</sup>.
 *
 * <p>The arithmetic follows Pillow operation by operation, since another order rounds differently.
 */
final class BicubicAxis {

  static final int PRECISION = 22;

  private static final double A = -0.5;
  private static final double SUPPORT = 2;

  private final int[] first;
  private final int[][] weights;

  private BicubicAxis(int[] first, int[][] weights) {
    this.first = first;
    this.weights = weights;
  }

  /**
   * @param from pixels of the source
   * @param to pixels that the whole source is resized to; may be huge, as only a part is made
   * @param offset of the first wanted target pixel
   * @param count wanted target pixels
   */
  static BicubicAxis of(int from, long to, long offset, int count) {
    int[] first = new int[count];
    int[][] weights = new int[count][];
    double scale = (double) from / to;
    double filterScale = Math.max(scale, 1);
    double support = SUPPORT * filterScale;
    for (int i = 0; i < count; i++) {
      double center = (offset + i + 0.5) * scale;
      first[i] = Math.max(0, (int) (center - support + 0.5));
      int end = Math.min(from, (int) (center + support + 0.5));
      weights[i] = weights(first[i], end, center, 1 / filterScale);
    }
    return new BicubicAxis(first, weights);
  }

  private static int[] weights(int first, int end, double center, double inverseScale) {
    double[] exact = new double[end - first];
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      exact[i] = cubic((i + first - center + 0.5) * inverseScale);
      sum += exact[i];
    }
    int[] fixed = new int[exact.length];
    for (int i = 0; i < fixed.length; i++) {
      double weight = exact[i] / sum * (1 << PRECISION);
      fixed[i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    return fixed;
  }

  private static double cubic(double distance) {
    double x = Math.abs(distance);
    if (x < 1) {
      return ((A + 2) * x - (A + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
  }

  /** How many target pixels are made. */
  int count() {
    return first.length;
  }

  /** The first source pixel of a target pixel. */
  int first(int index) {
    return first[index];
  }

  /** The weights of a target pixel's source pixels, from {@link #first} on. */
  int[] weights(int index) {
    return weights[index];
  }

  /** The end of all source pixels in use; the start is {@code first(0)}. */
  int end() {
    int last = count() - 1;
    return first[last] + weights[last].length;
  }
}
