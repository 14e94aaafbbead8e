package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.showo2.stage.TokenGrid;
import java.util.function.DoubleUnaryOperator;

/**
 * Tokens on a grid to another grid, as one product with a matrix: corners are not aligned, there is
 * no antialiasing, and tokens beyond the edge are those at the edge (SPEC 2).
 *
 * @param reach half the number of old tokens that make a new one, per axis
 * @param kernel weight of an old token by its distance
 */
record GridInterpolation(int reach, DoubleUnaryOperator kernel) implements DjlFormulas.Resize {

  private static final double A = -0.75;

  static final GridInterpolation BILINEAR = new GridInterpolation(1, distance -> 1 - distance);

  /** With a = −0.75. */
  static final GridInterpolation BICUBIC = new GridInterpolation(2, GridInterpolation::cubic);

  private static double cubic(double x) {
    return x < 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : ((x - 5) * x + 8) * x * A - 4 * A;
  }

  @Override
  public NDArray apply(NDArray tokens, TokenGrid from, TokenGrid to) {
    return matrix(from, to, tokens.getManager()).matMul(tokens);
  }

  /** [new tokens, old tokens]. */
  private NDArray matrix(TokenGrid from, TokenGrid to, NDManager scope) {
    double[][] vertical = axis(from.rows(), to.rows());
    double[][] horizontal = axis(from.columns(), to.columns());
    float[] matrix = new float[Math.multiplyExact(to.tokens(), from.tokens())];
    int next = 0;
    for (int row = 0; row < to.rows(); row++) {
      for (int column = 0; column < to.columns(); column++) {
        for (int oldRow = 0; oldRow < from.rows(); oldRow++) {
          for (int oldColumn = 0; oldColumn < from.columns(); oldColumn++) {
            matrix[next++] = (float) (vertical[row][oldRow] * horizontal[column][oldColumn]);
          }
        }
      }
    }
    return NdScopes.copyOf(matrix, new Shape(to.tokens(), from.tokens()), scope);
  }

  /** The weights of old tokens for each new one, along one axis. */
  private double[][] axis(int oldSize, int newSize) {
    double[][] weights = new double[newSize][oldSize];
    for (int index = 0; index < newSize; index++) {
      double middle = (index + 0.5) * oldSize / newSize - 0.5;
      int first = (int) Math.floor(middle) - reach + 1;
      for (int old = first; old < first + 2 * reach; old++) {
        int inside = Math.min(oldSize - 1, Math.max(0, old));
        weights[index][inside] += kernel.applyAsDouble(Math.abs(middle - old));
      }
    }
    return weights;
  }
}
