package dev.showo2.export.internal.calibration;

/** Rows of a weight times activations. */
final class Product {

  /** Channels whose activations stay in the cache while all rows of a block use them. */
  private static final int TILE = 64;

  /**
   * Below this, vector instructions are not worth their while. It also keeps single tokens away
   * from the other loop: what the JVM compiles for short loops is slow for long ones.
   */
  private static final int FEW_COLUMNS = 16;

  private Product() {}

  /**
   * y += W · x for some rows of W.
   *
   * @param weights [rows, channels of x]
   * @param firstRow where the rows' results lie in y
   */
  static void add(float[] weights, int rows, Activations x, Activations y, int firstRow) {
    if (x.columns() < FEW_COLUMNS) {
      addDots(weights, rows, x, y, firstRow);
      return;
    }
    int channels = x.channels();
    for (int from = 0; from < channels; from += TILE) {
      int to = Math.min(channels, from + TILE);
      for (int row = 0; row < rows; row++) {
        addRow(weights, row * channels, x.values(), from, to, y.values()[firstRow + row]);
      }
    }
  }

  private static void addDots(
      float[] weights, int rows, Activations x, Activations y, int firstRow) {
    float[] column = new float[x.channels()];
    for (int t = 0; t < x.columns(); t++) {
      for (int i = 0; i < column.length; i++) {
        column[i] = x.values()[i][t];
      }
      for (int row = 0; row < rows; row++) {
        y.values()[firstRow + row][t] += dot(weights, row * column.length, column);
      }
    }
  }

  private static float dot(float[] weights, int row, float[] column) {
    float even = 0;
    float odd = 0;
    int i = 0;
    for (; i + 2 <= column.length; i += 2) {
      even += weights[row + i] * column[i];
      odd += weights[row + i + 1] * column[i + 1];
    }
    return i < column.length ? even + odd + weights[row + i] * column[i] : even + odd;
  }

  private static void addRow(float[] weights, int row, float[][] x, int from, int to, float[] y) {
    int i = from;
    for (; i + 4 <= to; i += 4) {
      int at = row + i;
      addFour(
          y,
          x[i],
          x[i + 1],
          x[i + 2],
          x[i + 3],
          weights[at],
          weights[at + 1],
          weights[at + 2],
          weights[at + 3]);
    }
    for (; i < to; i++) {
      float weight = weights[row + i];
      for (int t = 0; t < y.length; t++) {
        y[t] += weight * x[i][t];
      }
    }
  }

  /**
   * Four at once, so that sums are loaded and stored a quarter as often; with eight, or with two
   * rows at once, the JVM no longer makes vector instructions of the loop.
   */
  private static void addFour(
      float[] y,
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3,
      float w0,
      float w1,
      float w2,
      float w3) {
    for (int t = 0; t < y.length; t++) {
      y[t] += w0 * x0[t] + w1 * x1[t] + w2 * x2[t] + w3 * x3[t];
    }
  }
}
