package dev.showo2.conformance.internal.reference;

import java.util.Optional;

/**
 * A change of a linear layer's inputs that its weight was made for.
 *
 * @param factors of each input; empty for 1
 * @param rotation [block, block] that multiplies each block of a token after that; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within the package, never compared
record InputTransform(Optional<double[]> factors, Optional<double[][]> rotation) {

  Matrix apply(Matrix x) {
    Matrix scaled = factors.map(values -> scaled(x, values)).orElse(x);
    return rotation.map(matrix -> rotated(scaled, matrix)).orElse(scaled);
  }

  private static Matrix scaled(Matrix x, double[] factors) {
    Matrix scaled = Matrix.zeros(x.rows(), x.columns());
    for (int i = 0; i < x.values().length; i++) {
      scaled.values()[i] = x.values()[i] * factors[i % factors.length];
    }
    return scaled;
  }

  private static Matrix rotated(Matrix x, double[][] matrix) {
    Matrix rotated = Matrix.zeros(x.rows(), x.columns());
    int block = matrix.length;
    for (int start = 0; start < x.values().length; start += block) {
      for (int i = 0; i < block; i++) {
        for (int j = 0; j < block; j++) {
          rotated.values()[start + j] += x.values()[start + i] * matrix[i][j];
        }
      }
    }
    return rotated;
  }
}
