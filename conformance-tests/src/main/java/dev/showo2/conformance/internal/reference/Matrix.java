package dev.showo2.conformance.internal.reference;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of numbers, one after the other. Tokens are rows: [B, S, D] is a matrix of B·S rows. Whoever
 * makes a matrix fills it; after that it never changes and may be shared.
 */
record Matrix(int rows, int columns, double[] values) {

  /** For its maker to fill. */
  static Matrix zeros(int rows, int columns) {
    return new Matrix(rows, columns, new double[arrayLength((long) rows * columns)]);
  }

  /**
   * @throws InsufficientMemoryException if no array is so long
   */
  static int arrayLength(long count) {
    if (count > Integer.MAX_VALUE - 8) {
      throw new InsufficientMemoryException(count + " values are more than one Java array holds");
    }
    return (int) count;
  }

  /** All axes but the last become rows. */
  static Matrix of(HostTensor tensor) {
    int columns = Math.toIntExact(tensor.shape().dimension(-1));
    return new Matrix(tensor.values().length / columns, columns, doubles(tensor.values()));
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Where a row begins in {@link #values}. */
  int start(int row) {
    return row * columns;
  }

  Matrix rows(int from, int to) {
    return new Matrix(to - from, columns, Arrays.copyOfRange(values, start(from), start(to)));
  }

  /** The columns, [columns][rows]. */
  double[][] transposed() {
    double[][] transposed = new double[columns][rows];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column][row] = values[row * columns + column];
      }
    }
    return transposed;
  }

  /** The rows, [rows][columns]. */
  double[][] split() {
    double[][] split = new double[rows][];
    for (int row = 0; row < rows; row++) {
      split[row] = Arrays.copyOfRange(values, start(row), start(row + 1));
    }
    return split;
  }

  /** One below the other. */
  static Matrix stack(List<Matrix> parts) {
    int rows = parts.stream().mapToInt(Matrix::rows).sum();
    Matrix stacked = zeros(rows, parts.get(0).columns);
    int next = 0;
    for (Matrix part : parts) {
      System.arraycopy(part.values, 0, stacked.values, next, part.values.length);
      next += part.values.length;
    }
    return stacked;
  }

  /** Side by side. */
  static Matrix beside(Matrix left, Matrix right) {
    Matrix both = zeros(left.rows, left.columns + right.columns);
    for (int row = 0; row < left.rows; row++) {
      int start = both.start(row);
      System.arraycopy(left.values, left.start(row), both.values, start, left.columns);
      System.arraycopy(
          right.values, right.start(row), both.values, start + left.columns, right.columns);
    }
    return both;
  }

  /** Rounded to 32-bit floats. */
  HostTensor toTensor(long... shape) {
    return new HostTensor(Shape.of(shape), floats(values));
  }
}
