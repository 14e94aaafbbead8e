package dev.showo2.tensor;

import dev.showo2.error.InsufficientMemoryException;
import java.util.Arrays;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * 32-bit floats in the JVM's own memory, row-major: what samplers compute with.
 *
 * <p>The array is not copied; neither who hands it over nor who reads it may write to it.
 *
 * @param values as many as the shape has elements
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@SuppressWarnings("ArrayRecordComponent") // numeric data, copied knowingly or not at all
public record HostTensor(Shape shape, float[] values) {

  /** Some JVMs have no longer ones. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  /**
   * @throws IllegalArgumentException if there are more or fewer values than the shape has elements
   */
  public HostTensor {
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(values, "values");
    if (shape.elementCount() != values.length) {
      throw new IllegalArgumentException(
          "shape " + shape + " needs " + shape.elementCount() + " values, got " + values.length);
    }
  }

  /**
   * A tensor of zeros, for whoever makes it to fill.
   *
   * @throws InsufficientMemoryException if it has more values than one Java array holds, or the
   *     heap has no room for them
   */
  public static HostTensor zeros(Shape shape) {
    long count = shape.elementCount();
    if (count > LONGEST_ARRAY) {
      throw new InsufficientMemoryException(
          "a tensor of shape " + shape + " has more values than one Java array holds");
    }
    try {
      return new HostTensor(shape, new float[(int) count]);
    } catch (OutOfMemoryError e) {
      throw new InsufficientMemoryException(
          "the heap has no room for a tensor of shape "
              + shape
              + ", "
              + (count * Float.BYTES >> 20)
              + " MiB; it may grow to "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB, give it more with -Xmx",
          e);
    }
  }

  /**
   * The same values under another shape.
   *
   * @throws IllegalArgumentException if it has another number of elements
   */
  public HostTensor reshape(long... dimensions) {
    return new HostTensor(Shape.of(dimensions), values);
  }

  /** Whether shape and values are the same; NaN equals NaN, and 0 differs from -0. */
  @Override
  public boolean equals(Object other) {
    return other instanceof HostTensor tensor
        && shape.equals(tensor.shape)
        && Arrays.equals(values, tensor.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "HostTensor" + shape;
  }
}
