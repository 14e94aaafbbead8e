package dev.showo2.export.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.tensor.Shape;

/** Sizes read off the shapes of a checkpoint's weights. */
record WeightShapes(Weights weights, String what) {

  private static final long MAX_DIMENSION = 1 << 24;
  private static final int MAX_LAYERS = 1024;

  /**
   * The size of one axis of a weight.
   *
   * @param rank that the weight must have
   */
  long dimension(String key, int axis, int rank) {
    if (!weights.names().contains(key)) {
      throw new InvalidModelException(
          what + " has no '" + key + "', so it is no Show-o2 checkpoint, or only a part of one");
    }
    Shape shape = weights.shape(key);
    if (shape.rank() != rank
        || shape.dimension(axis) < 1
        || shape.dimension(axis) > MAX_DIMENSION) {
      throw new InvalidModelException(
          "'" + key + "' should have " + rank + " axes of sensible sizes, found " + shape);
    }
    return shape.dimension(axis);
  }

  /**
   * How many layers there are.
   *
   * @param pattern a key with {@code %d} for the layer
   */
  int count(String pattern) {
    int count = 0;
    while (count < MAX_LAYERS && weights.names().contains(String.format(pattern, count))) {
      count++;
    }
    if (count == 0) {
      throw new InvalidModelException(
          what
              + " has no '"
              + String.format(pattern, 0)
              + "', so it is no Show-o2 checkpoint, or only a part of one");
    }
    return count;
  }
}
