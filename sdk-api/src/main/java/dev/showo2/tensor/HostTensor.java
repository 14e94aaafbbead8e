package dev.showo2.tensor;

import dev.showo2.error.InsufficientMemoryException;
import java.util.Arrays;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A tensor of 32-bit floats in the JVM's memory, row-major, on which host arithmetic works.
 *
 * <p>The array is not copied: neither the caller who hands it over nor a reader may write to it. As
 * long as they keep to that, instances are immutable and thread-safe.
 *
 * @param shape the sizes of the axes, outermost first
 * @param values as many as the shape has elements
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
@SuppressWarnings("ArrayRecordComponent") // numeric data, copied knowingly or not at all
public record HostTensor(Shape shape, float[] values) {

  /** The longest array that every JVM can allocate. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  /**
   * Wraps values without copying them.
   *
   * @param shape the sizes of the axes, outermost first
   * @param values row-major, as many as the shape has elements
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
   * Allocates a tensor of zeros, whose array the caller may fill before handing it on.
   *
   * @param shape the sizes of the axes, outermost first
   * @return a tensor with an array of its own
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
   * Gives the same values, not copied, another shape.
   *
   * @param dimensions the new sizes of the axes, outermost first, with the same number of elements
   * @return a tensor that shares the array
   * @throws IllegalArgumentException if it has another number of elements
   */
  public HostTensor reshape(long... dimensions) {
    return new HostTensor(Shape.of(dimensions), values);
  }

  /** Compares shape and values; NaN equals NaN, and 0 differs from -0. */
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
