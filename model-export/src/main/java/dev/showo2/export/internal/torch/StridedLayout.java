package dev.showo2.export.internal.torch;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the elements of a tensor lie in its storage, with as few axes as can say it: axes of size 1
 * are dropped and those that run on without a gap are joined. Layouts that visit the same elements
 * in the same order by the same steps are equal.
 *
 * @param offset of the first element, in elements
 * @param axes outermost first; empty for a single element
 */
record StridedLayout(long offset, List<Axis> axes) {

  /**
   * @param stride in elements, 0 or more
   */
  record Axis(long size, long stride) {}

  /** Sizes and strides must have been checked against the storage. */
  static StridedLayout of(long offset, long[] sizes, long[] strides) {
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == 0) {
        return new StridedLayout(offset, List.of(new Axis(0, 1)));
      }
      Axis axis = new Axis(sizes[i], strides[i]);
      Axis outer = axes.isEmpty() ? null : axes.get(axes.size() - 1);
      if (axis.size == 1) {
        continue;
      }
      if (outer != null && outer.stride == axis.size * axis.stride) {
        axes.set(axes.size() - 1, new Axis(outer.size * axis.size, axis.stride));
      } else {
        axes.add(axis);
      }
    }
    return new StridedLayout(offset, List.copyOf(axes));
  }

  /** Whether the elements lie side by side in row-major order. */
  boolean isContiguous() {
    return axes.isEmpty() || axes.size() == 1 && axes.get(0).stride == 1;
  }
}
