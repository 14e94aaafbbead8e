package dev.showo2.conformance;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.function.IntToDoubleFunction;

/** Numbers of any kind under a shape, so that floats, ids and pixels are compared by one code. */
record Values(Shape shape, IntToDoubleFunction at) {

  static Values of(HostTensor tensor) {
    float[] values = tensor.values();
    return new Values(tensor.shape(), i -> values[i]);
  }

  /** Ids of one sequence, or anything else that is a plain list. */
  static Values of(long... values) {
    return of(Shape.of(values.length), values);
  }

  static Values of(Shape shape, long[] values) {
    if (shape.elementCount() != values.length) {
      throw new IllegalArgumentException(
          "shape " + shape + " needs " + shape.elementCount() + " values, got " + values.length);
    }
    return new Values(shape, i -> values[i]);
  }

  int count() {
    return Math.toIntExact(shape.elementCount());
  }
}
