package dev.showo2.conformance.internal.reference;

import java.util.Arrays;

/**
 * A linear layer: y = x · Wᵀ + bias. Where the weight is in 8-bit integers, x is rounded to such,
 * row by row. Each output is summed in the order of its inputs, whichever way is taken.
 *
 * @param weight [out, in]
 * @param bias [out]
 */
record Linear(Weight weight, double[] bias, Workers workers) {

  /** Outputs that share the reading of one row of x. */
  private static final int BLOCK = 4;

  /** Rows of x from which on the processor computes several of them with one instruction. */
  private static final int MANY_ROWS = 8;

  /** The largest magnitude of a row becomes this integer. */
  private static final int LARGEST = 127;

  Matrix apply(Matrix x) {
    Matrix inputs = weight.inputs().map(transform -> transform.apply(x)).orElse(x);
    Matrix in = weight.roundsInputs() ? rounded(inputs) : inputs;
    Matrix y = Matrix.zeros(x.rows(), weight.rows());
    if (x.rows() < MANY_ROWS) {
      int blocks = (weight.rows() + BLOCK - 1) / BLOCK;
      workers.forEachRow(blocks, work(x.rows()), block -> outputs(in, block * BLOCK, y));
    } else {
      double[][] columns = in.transposed();
      workers.forEachRow(
          weight.rows(),
          work(x.rows()),
          output -> {
            double[] sums = output(columns, output);
            for (int row = 0; row < sums.length; row++) {
              y.values()[y.start(row) + output] = sums[row];
            }
          });
    }
    return y;
  }

  /**
   * The layer for inputs that are columns, as those of a convolution; it rounds none.
   *
   * @param x [in][N]
   * @return [out][N]
   */
  double[][] applyToColumns(double[][] x) {
    double[][] y = new double[weight.rows()][];
    workers.forEachRow(y.length, work(x[0].length), output -> y[output] = output(x, output));
    return y;
  }

  private long work(int vectors) {
    return (long) vectors * weight.rows() * weight.columns();
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

  /** One output for all columns of x. */
  private double[] output(double[][] x, int output) {
    double[] sums = new double[x[0].length];
    Arrays.fill(sums, bias[output]);
    WeightedSum.add(weight.row(output), 0, x, 0, x.length, sums, sums.length);
    return sums;
  }

  /** Up to four outputs for all rows of x. */
  private void outputs(Matrix x, int first, Matrix y) {
    int count = Math.min(BLOCK, weight.rows() - first);
    double[] w1 = weight.row(first);
    // A processor with one sum would wait for itself; what is beyond the last output is not kept.
    double[] w2 = count > 1 ? weight.row(first + 1) : w1;
    double[] w3 = count > 2 ? weight.row(first + 2) : w1;
    double[] w4 = count > 3 ? weight.row(first + 3) : w1;
    double[] in = x.values();
    for (int row = 0; row < x.rows(); row++) {
      int start = x.start(row);
      double sum1 = bias[first];
      double sum2 = count > 1 ? bias[first + 1] : 0;
      double sum3 = count > 2 ? bias[first + 2] : 0;
      double sum4 = count > 3 ? bias[first + 3] : 0;
      for (int i = 0; i < w1.length; i++) {
        double value = in[start + i];
        sum1 += w1[i] * value;
        sum2 += w2[i] * value;
        sum3 += w3[i] * value;
        sum4 += w4[i] * value;
      }
      double[] sums = {sum1, sum2, sum3, sum4};
      System.arraycopy(sums, 0, y.values(), y.start(row) + first, count);
    }
  }
}
