package dev.showo2.tensor;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * 32-bit floats in the JVM's own memory, row-major: what samplers compute with.
 *
 * <p>The array is not copied; whoever hands it over must not write to it afterwards.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@SuppressWarnings("ArrayRecordComponent") // numeric data, copied knowingly or not at all
public record HostTensor(Shape shape, float[] values) {

  public HostTensor {
    Objects.requireNonNull(shape, "shape");
    if (shape.elementCount() != values.length) {
      throw new IllegalArgumentException(
          "shape " + shape + " needs " + shape.elementCount() + " values, got " + values.length);
    }
  }

  /** The same values under another shape with the same number of elements. */
  public HostTensor reshape(long... dimensions) {
    return new HostTensor(Shape.of(dimensions), values);
  }
}
