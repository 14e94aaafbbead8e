package dev.showo2.export.internal.calibration;

import dev.showo2.stage.TokenGrid;

/**
 * The positions of the semantic layers (SPEC 2).
 *
 * @param values [side · side, width]
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within the package, never compared
record PositionTable(float[] values, int rows, int width) {

  private static final double A = -0.75;

  /** Adds the first rows to the tokens of x. */
  void addFirst(Activations x) {
    for (int token = 0; token < x.tokens(); token++) {
      add(x, token, token, 1);
    }
  }

  /** Adds the square table, interpolated to a grid by bicubic weights, to the tokens of x. */
  void addInterpolated(Activations x, TokenGrid grid) {
    int side = (int) Math.round(Math.sqrt(rows));
    for (int token = 0; token < grid.tokens(); token++) {
      double y = (token / grid.columns() + 0.5) * side / grid.rows() - 0.5;
      double z = (token % grid.columns() + 0.5) * side / grid.columns() - 0.5;
      int firstRow = (int) Math.floor(y) - 1;
      int firstColumn = (int) Math.floor(z) - 1;
      for (int row = firstRow; row < firstRow + 4; row++) {
        for (int column = firstColumn; column < firstColumn + 4; column++) {
          double weight = cubic(Math.abs(y - row)) * cubic(Math.abs(z - column));
          add(x, token, inside(row, side) * side + inside(column, side), weight);
        }
      }
    }
  }

  private void add(Activations x, int token, int row, double weight) {
    for (int i = 0; i < width; i++) {
      for (int t = token; t < x.columns(); t += x.tokens()) {
        x.values()[i][t] += (float) (weight * values[row * width + i]);
      }
    }
  }

  /** What lies beyond the edge is the edge. */
  private static int inside(int index, int side) {
    return Math.max(0, Math.min(side - 1, index));
  }

  private static double cubic(double distance) {
    if (distance < 1) {
      return ((A + 2) * distance - (A + 3)) * distance * distance + 1;
    }
    return distance < 2 ? A * (((distance - 5) * distance + 8) * distance - 4) : 0;
  }
}
