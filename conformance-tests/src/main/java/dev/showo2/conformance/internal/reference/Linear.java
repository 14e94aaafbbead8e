package dev.showo2.conformance.internal.reference;

/**
 * A linear layer: y = x · Wᵀ + bias. Where the weight is in 8-bit integers, x is rounded to such,
 * row by row.
 *
 * @param weight [out, in]
 * @param bias [out]
 */
record Linear(Weight weight, double[] bias, Workers workers) {

  /** Rows of x that share the reading of one row of the weight. */
  private static final int BLOCK = 4;

  /** The largest magnitude of a row becomes this integer. */
  private static final int LARGEST = 127;

  Matrix apply(Matrix x) {
    Matrix in = weight.roundsInputs() ? rounded(x) : x;
    Matrix y = Matrix.zeros(x.rows(), weight.rows());
    long work = (long) x.rows() * weight.rows() * weight.columns();
    workers.forEachRow(weight.rows(), work, output -> column(in, output, y));
    return y;
  }

  /** Each row as integers, ties to the even one, times its scale; a row of zeros stays. */
  private static Matrix rounded(Matrix x) {
    Matrix rounded = Matrix.zeros(x.rows(), x.columns());
    for (int row = 0; row < x.rows(); row++) {
      double largest = 0;
      for (int i = x.start(row); i < x.start(row + 1); i++) {
        largest = Math.max(largest, Math.abs(x.values()[i]));
      }
      double scale = largest / LARGEST;
      for (int i = x.start(row); scale != 0 && i < x.start(row + 1); i++) {
        rounded.values()[i] = Math.rint(x.values()[i] / scale) * scale;
      }
    }
    return rounded;
  }

  /** One output of the layer for all rows. */
  private void column(Matrix x, int output, Matrix y) {
    double[] w = weight.row(output);
    double[] in = x.values();
    int row = 0;
    // Four sums at once keep the processor busy where one would wait for itself.
    for (; row + BLOCK <= x.rows(); row += BLOCK) {
      int first = x.start(row);
      int second = x.start(row + 1);
      int third = x.start(row + 2);
      int fourth = x.start(row + 3);
      double sum1 = bias[output];
      double sum2 = sum1;
      double sum3 = sum1;
      double sum4 = sum1;
      for (int i = 0; i < w.length; i++) {
        sum1 += w[i] * in[first + i];
        sum2 += w[i] * in[second + i];
        sum3 += w[i] * in[third + i];
        sum4 += w[i] * in[fourth + i];
      }
      y.values()[y.start(row) + output] = sum1;
      y.values()[y.start(row + 1) + output] = sum2;
      y.values()[y.start(row + 2) + output] = sum3;
      y.values()[y.start(row + 3) + output] = sum4;
    }
    for (; row < x.rows(); row++) {
      double sum = bias[output];
      for (int i = 0; i < w.length; i++) {
        sum += w[i] * in[x.start(row) + i];
      }
      y.values()[y.start(row) + output] = sum;
    }
  }
}
