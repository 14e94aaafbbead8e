package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.util.function.UnaryOperator;

/**
 * The memory of intermediate values. DJL frees an array with the manager that it belongs to, and an
 * operator's result belongs to the manager of its first operand.
 */
final class NdScopes {

  private static final NDIndex WHOLE = new NDIndex("...");

  private NdScopes() {}

  /**
   * A view of an array that others use at the same time; what is computed from it belongs to the
   * scope.
   */
  static NDArray view(NDArray array, NDManager scope) {
    return array.get(scope, WHOLE);
  }

  /**
   * Rows of a matrix.
   *
   * @param scope to which the result belongs
   */
  static NDArray rows(NDArray matrix, int[] indices, NDManager scope) {
    NDArray of = scope.create(indices);
    return of.getNDArrayInternal()
        .embedding(of, view(matrix, scope), SparseFormat.DENSE)
        .singletonOrThrow();
  }

  /** Arrays one behind the other. DJL makes of a single one a copy without gradients. */
  static NDArray joined(NDList parts, int axis) {
    return parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts, axis);
  }

  /**
   * Values in memory of the engine. An array of DJL's {@code create} borrows a buffer of Java,
   * which is gone once the array is closed, though a gradient may still need it.
   */
  static NDArray copyOf(float[] values, Shape shape, NDManager scope) {
    try (NDArray borrowed = scope.create(values, shape)) {
      return borrowed.duplicate();
    }
  }

  /**
   * Runs a computation and frees its intermediate values at once.
   *
   * @return its result, which belongs to the manager of x
   */
  static NDArray scoped(NDArray x, UnaryOperator<NDArray> computation) {
    try (NDManager scope = x.getManager().newSubManager()) {
      NDArray result = computation.apply(view(x, scope));
      result.attach(x.getManager());
      return result;
    }
  }

  /**
   * As {@link #scoped}, and frees x too: a step of a long chain, in which only one value lives.
   *
   * @param x which nobody else uses
   */
  static NDArray replaced(NDArray x, UnaryOperator<NDArray> computation) {
    NDArray result = scoped(x, computation);
    x.close();
    return result;
  }
}
