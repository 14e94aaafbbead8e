package dev.showo2.backend.onnx;

import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;

/** Holds the shapes of arguments against the sizes of the model, before the engine sees them. */
final class TensorShapes {

  /** A size that may be any from 1. */
  static final long ANY = -1;

  private TensorShapes() {}

  /**
   * @param what names the argument in messages, with the shape it should have
   * @param expected its shape, with {@link #ANY} where any size will do
   * @throws IllegalArgumentException if it has another shape
   */
  static Shape require(Tensor tensor, String what, long... expected) {
    Shape found = tensor.shape();
    boolean fits = found.rank() == expected.length;
    for (int axis = 0; fits && axis < expected.length; axis++) {
      long size = found.dimension(axis);
      fits = expected[axis] == ANY ? size > 0 : size == expected[axis];
    }
    if (!fits) {
      throw new IllegalArgumentException(what + " is needed, found " + found);
    }
    return found;
  }

  /**
   * The same for planes [.., height, width], both multiples of a factor.
   *
   * @throws IllegalArgumentException if it has another shape
   */
  static Shape requirePlanes(Tensor tensor, int factor, String what, long... expected) {
    Shape found = require(tensor, what, expected);
    if (found.dimension(-2) % factor != 0 || found.dimension(-1) % factor != 0) {
      throw new IllegalArgumentException(
          what + " with height and width in multiples of " + factor + " is needed, found " + found);
    }
    return found;
  }
}
