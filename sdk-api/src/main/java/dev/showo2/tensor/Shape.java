package dev.showo2.tensor;

import java.util.Arrays;
import org.apiguardian.api.API;

/** The sizes of a tensor's axes, outermost first. Immutable and thread-safe. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Shape {

  private final long[] dimensions;

  private Shape(long[] dimensions) {
    this.dimensions = dimensions;
  }

  /**
   * Makes a shape of its dimensions.
   *
   * @param dimensions the sizes of the axes, outermost first, each at least 0; copied; none for a
   *     scalar
   * @return the shape
   * @throws IllegalArgumentException if a dimension is negative or the number of elements exceeds a
   *     long
   */
  public static Shape of(long... dimensions) {
    long[] copy = dimensions.clone();
    long count = 1;
    for (long dimension : copy) {
      if (dimension < 0) {
        throw new IllegalArgumentException("negative dimension in " + Arrays.toString(copy));
      }
      try {
        count = Math.multiplyExact(count, dimension);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("too many elements in " + Arrays.toString(copy), e);
      }
    }
    return new Shape(copy);
  }

  /** {@return the number of axes; 0 for a scalar} */
  public int rank() {
    return dimensions.length;
  }

  /**
   * Returns the size of one axis.
   *
   * @param axis from 0, outermost first; a negative axis counts from the end, so -1 is the
   *     innermost
   * @return the size, at least 0
   * @throws IndexOutOfBoundsException if there is no such axis
   */
  public long dimension(int axis) {
    return dimensions[axis < 0 ? dimensions.length + axis : axis];
  }

  /** {@return the number of elements; 1 for a scalar} */
  public long elementCount() {
    long count = 1;
    for (long dimension : dimensions) {
      count *= dimension;
    }
    return count;
  }

  /** {@return the sizes of the axes, outermost first, in a new array} */
  public long[] toArray() {
    return dimensions.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dimensions);
  }

  @Override
  public String toString() {
    return Arrays.toString(dimensions);
  }
}
