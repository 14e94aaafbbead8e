package dev.showo2.conformance.internal.reference;

/**
 * Sums of arrays, each times a number: sums[k] += Σ w[i] · x[i][k]. Each element is summed in the
 * order of the arrays, so that the value is that of a plain loop.
 */
final class WeightedSum {

  /** Elements whose sums stay in the processor's cache while all arrays are added. */
  private static final int STRIP = 256;

  private WeightedSum() {}

  /**
   * Adds {@code count} arrays to the first {@code length} sums.
   *
   * @param w the numbers, from index {@code firstW} on
   * @param x the arrays, from index {@code firstX} on
   */
  static void add(
      double[] w, int firstW, double[][] x, int firstX, int count, double[] sums, int length) {
    for (int from = 0; from < length; from += STRIP) {
      int to = Math.min(length, from + STRIP);
      int i = 0;
      for (; i + 4 <= count; i += 4) {
        addFour(w, firstW + i, x, firstX + i, sums, from, to);
      }
      for (; i < count; i++) {
        add(w[firstW + i], x[firstX + i], sums, from, to);
      }
    }
  }

  /**
   * Four arrays at once: fewer reads and writes of the sums, in the same order. All have one index,
   * without which the compiler would not compute several elements with one instruction.
   */
  private static void addFour(
      double[] w, int i, double[][] x, int first, double[] sums, int from, int to) {
    double w1 = w[i];
    double w2 = w[i + 1];
    double w3 = w[i + 2];
    double w4 = w[i + 3];
    double[] x1 = x[first];
    double[] x2 = x[first + 1];
    double[] x3 = x[first + 2];
    double[] x4 = x[first + 3];
    for (int k = from; k < to; k++) {
      sums[k] = sums[k] + w1 * x1[k] + w2 * x2[k] + w3 * x3[k] + w4 * x4[k];
    }
  }

  private static void add(double w, double[] x, double[] sums, int from, int to) {
    for (int k = from; k < to; k++) {
      sums[k] += w * x[k];
    }
  }
}
