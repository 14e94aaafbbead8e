package dev.showo2.conformance.internal.reference;

import dev.showo2.stage.TokenGrid;
import java.util.function.DoubleUnaryOperator;
import org.apiguardian.api.API;

/**
 * Tokens on a grid to another grid, by interpolation without antialiasing: tokens beyond the edge
 * is the edge (SPEC 2).
 *
 * @param reach half the number of source tokens that make a new one, per axis
 * @param kernel weight of a source token by its distance
 * @param middle where the middle of a new token is
 */
@API(status = API.Status.INTERNAL)
public record GridResize(int reach, DoubleUnaryOperator kernel, Middle middle) {

  private static final double A = -0.75;

  /** Without aligned corners. */
  public static final GridResize BILINEAR =
      new GridResize(1, distance -> 1 - distance, GridResize::unaligned);

  /** Without aligned corners, a = −0.75. */
  public static final GridResize BICUBIC =
      new GridResize(2, GridResize::cubic, GridResize::unaligned);

  /** From the index of a new token to a coordinate among the old ones, along one axis. */
  @API(status = API.Status.INTERNAL)
  @FunctionalInterface
  public interface Middle {

    /**
     * {@return the position in units of old tokens; 0 is the middle of the first}
     *
     * @param index of the new token, from 0
     * @param oldSize tokens along the axis before
     * @param newSize tokens along the axis after
     */
    double of(int index, int oldSize, int newSize);
  }

  /**
   * {@return the same resizing with other middles of new tokens}
   *
   * @param other the replacement
   */
  public GridResize with(Middle other) {
    return new GridResize(reach, kernel, other);
  }

  private static double cubic(double x) {
    return x < 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : ((x - 5) * x + 8) * x * A - 4 * A;
  }

  /**
   * @param tokens [rows · columns, width]
   * @return [new rows · new columns, width]
   */
  Matrix apply(Matrix tokens, TokenGrid from, TokenGrid to) {
    Matrix result = Matrix.zeros(to.tokens(), tokens.columns());
    for (int row = 0; row < to.rows(); row++) {
      for (int column = 0; column < to.columns(); column++) {
        double y = middle.of(row, from.rows(), to.rows());
        double x = middle.of(column, from.columns(), to.columns());
        int at = result.start(row * to.columns() + column);
        addNeighbors(tokens, from, y, x, result.values(), at);
      }
    }
    return result;
  }

  private static double unaligned(int index, int oldSize, int newSize) {
    return (index + 0.5) * oldSize / newSize - 0.5;
  }

  private void addNeighbors(
      Matrix tokens, TokenGrid grid, double y, double x, double[] target, int at) {
    int firstY = (int) Math.floor(y) - reach + 1;
    int firstX = (int) Math.floor(x) - reach + 1;
    for (int row = firstY; row < firstY + 2 * reach; row++) {
      for (int column = firstX; column < firstX + 2 * reach; column++) {
        double weight =
            kernel.applyAsDouble(Math.abs(y - row)) * kernel.applyAsDouble(Math.abs(x - column));
        int token = inside(row, grid.rows()) * grid.columns() + inside(column, grid.columns());
        for (int i = 0; i < tokens.columns(); i++) {
          target[at + i] += weight * tokens.values()[tokens.start(token) + i];
        }
      }
    }
  }

  private static int inside(int index, int size) {
    return Math.min(size - 1, Math.max(0, index));
  }
}
