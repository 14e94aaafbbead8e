package dev.showo2.conformance.internal.check;

import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Shapes near a good one that no stage can take. */
final class Misshapen {

  private Misshapen() {}

  /**
   * An axis too few, an axis too many, and one more along each axis that cannot have it.
   *
   * @param strictAxes whose size is given, or has to be a multiple
   */
  static List<Shape> near(Shape good, int... strictAxes) {
    List<Shape> shapes = new ArrayList<>();
    long[] sizes = good.toArray();
    shapes.add(Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length)));
    long[] more = Arrays.copyOf(sizes, sizes.length + 1);
    more[sizes.length] = 1;
    shapes.add(Shape.of(more));
    for (int axis : strictAxes) {
      shapes.add(with(good, axis, good.dimension(axis) + 1));
    }
    return shapes;
  }

  /** The same with another size of one axis. */
  static Shape with(Shape good, int axis, long size) {
    long[] sizes = good.toArray();
    sizes[axis] = size;
    return Shape.of(sizes);
  }
}
