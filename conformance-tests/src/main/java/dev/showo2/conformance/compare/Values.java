package dev.showo2.conformance.compare;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.function.IntToDoubleFunction;
import org.apiguardian.api.API;

/** Numbers of any kind under a shape, so that floats, ids and pixels are compared by one code. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Values(Shape shape, IntToDoubleFunction at) {

  /**
   * Wraps a tensor.
   *
   * @param tensor 32-bit floats
   * @return the values
   */
  public static Values of(HostTensor tensor) {
    float[] values = tensor.values();
    return new Values(tensor.shape(), i -> values[i]);
  }

  /**
   * {@return ids of one sequence, or any other list of integers}
   *
   * @param values in row-major order
   */
  public static Values of(long... values) {
    return of(Shape.of(values.length), values);
  }

  /**
   * Wraps integers.
   *
   * @param shape of the values
   * @param values in row-major order
   * @return the values
   */
  public static Values of(Shape shape, long[] values) {
    if (shape.elementCount() != values.length) {
      throw new IllegalArgumentException(
          "shape " + shape + " needs " + shape.elementCount() + " values, got " + values.length);
    }
    return new Values(shape, i -> values[i]);
  }

  /** {@return the number of values} */
  public int count() {
    return Math.toIntExact(shape.elementCount());
  }
}
