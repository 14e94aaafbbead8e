package dev.showo2.media.internal;

import java.util.Arrays;

/**
 * Pillow's antialiased bicubic resize of 8-bit RGB (SPEC appendix B), bit for bit: a horizontal
 * pass, then a vertical one, rounded to 8 bits after each.
 *
 * <p>Pillow skips an axis whose size stays. Here it is computed all the same: its weights are then
 * exactly 0 and 1, so nothing changes.
 */
final class BicubicResize {

  private static final int HALF = 1 << (Axis.PRECISION - 1);

  private BicubicResize() {}

  /**
   * Computes the target pixels of the two axes, and reads only the source rows that they need.
   *
   * @return red, green and blue, row by row
   */
  static byte[] resize(RgbRows source, Axis horizontal, Axis vertical) {
    int firstRow = vertical.first(0);
    int stride = 3 * horizontal.count();
    byte[] narrowed = new byte[Math.multiplyExact(stride, vertical.end() - firstRow)];
    byte[] row = new byte[3 * source.width()];
    for (int y = firstRow; y < vertical.end(); y++) {
      source.read(y, row);
      resizeRow(row, horizontal, narrowed, (y - firstRow) * stride);
    }
    return resizeColumns(narrowed, stride, vertical);
  }

  /** The vertical pass, over rows from the first one that the axis needs. */
  static byte[] resizeColumns(byte[] narrowed, int stride, Axis vertical) {
    int firstRow = vertical.first(0);
    byte[] result = new byte[Math.multiplyExact(stride, vertical.count())];
    int[] sums = new int[stride];
    for (int y = 0; y < vertical.count(); y++) {
      int offset = (vertical.first(y) - firstRow) * stride;
      sumRows(narrowed, offset, vertical.weights(y), sums);
      for (int i = 0; i < stride; i++) {
        result[y * stride + i] = round(sums[i]);
      }
    }
    return result;
  }

  /** The horizontal pass over one row. */
  static void resizeRow(byte[] row, Axis axis, byte[] target, int offset) {
    for (int x = 0; x < axis.count(); x++) {
      int red = 0;
      int green = 0;
      int blue = 0;
      int at = 3 * axis.first(x);
      for (int weight : axis.weights(x)) {
        red += weight * (row[at++] & 0xff);
        green += weight * (row[at++] & 0xff);
        blue += weight * (row[at++] & 0xff);
      }
      target[offset + 3 * x] = round(red);
      target[offset + 3 * x + 1] = round(green);
      target[offset + 3 * x + 2] = round(blue);
    }
  }

  private static void sumRows(byte[] rows, int offset, int[] weights, int[] sums) {
    Arrays.fill(sums, 0);
    int at = offset;
    for (int weight : weights) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += weight * (rows[at++] & 0xff);
      }
    }
  }

  static byte round(int sum) {
    int value = (sum + HALF) >> Axis.PRECISION;
    return (byte) Math.max(0, Math.min(255, value));
  }

  /**
   * One axis of Pillow's antialiased bicubic resize (SPEC appendix B): which source pixels make
   * each target pixel, and with what weights in units of 2<sup>-22</sup>.
   *
   * <p>The arithmetic follows Pillow operation by operation, since another order rounds
   * differently.
   */
  static final class Axis {

    static final int PRECISION = 22;

    private static final double A = -0.5;
    private static final double SUPPORT = 2;

    private final int[] first;
    private final int[][] weights;

    private Axis(int[] first, int[][] weights) {
      this.first = first;
      this.weights = weights;
    }

    /**
     * @param from pixels of the source
     * @param to pixels that the whole source is resized to; may be huge, as only a part is made
     * @param offset of the first wanted target pixel
     * @param count wanted target pixels
     */
    static Axis of(int from, long to, long offset, int count) {
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
      return new Axis(first, weights);
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
}
