package dev.showo2.conformance.reference;

/**
 * A linear layer: y = x · Wᵀ + bias.
 *
 * @param weight [out, in]
 * @param bias [out]
 */
record Linear(Weight weight, double[] bias, Workers workers) {

  /** Rows of x that share the reading of one row of the weight. */
  private static final int BLOCK = 4;

  Matrix apply(Matrix x) {
    Matrix y = Matrix.zeros(x.rows(), weight.rows());
    long work = (long) x.rows() * weight.rows() * weight.columns();
    workers.forEachRow(weight.rows(), work, output -> column(x, output, y));
    return y;
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
