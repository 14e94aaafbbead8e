package dev.showo2.conformance.wrapper;

import dev.showo2.tensor.Shape;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Shapes of which some sizes are free. */
final class Shapes {

  private Shapes() {}

  /**
   * @param expected sizes, with {@link Call#ANY} where any from 1 will do
   */
  static boolean fit(long[] expected, Shape found) {
    if (found.rank() != expected.length) {
      return false;
    }
    for (int axis = 0; axis < expected.length; axis++) {
      long size = found.dimension(axis);
      if (expected[axis] == Call.ANY ? size < 1 : size != expected[axis]) {
        return false;
      }
    }
    return true;
  }

  /** Such as {@code [1, any, 64]}. */
  static String describe(long[] expected) {
    return Arrays.stream(expected)
        .mapToObj(size -> size == Call.ANY ? "any" : Long.toString(size))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
