package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.tensor.Shape;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes read off the shapes of a checkpoint's weights.
 *
 * @param what the checkpoint is, for messages
 * @param kind that it should be
 */
record WeightShapes(CheckpointWeights weights, String what, CheckpointKind kind) {

  private static final long MAX_DIMENSION = 1 << 24;
  private static final int MAX_LAYERS = 1024;

  /**
   * Makes sure that sizes can be read at all.
   *
   * @throws InvalidModelException that says what the checkpoint is instead, or lists all keys that
   *     are missing
   */
  void require(List<String> keys) {
    KeyCheck.requireReadable(what, weights, keys);
    List<String> missing = keys.stream().filter(key -> !weights.names().contains(key)).toList();
    if (!missing.isEmpty()) {
      kind.require(what, weights.names());
      throw new InvalidModelException(
          what
              + " lacks keys that tell its sizes, so it is no "
              + (kind == CheckpointKind.SHOW_O2 ? "Show-o2 checkpoint" : "VAE of Wan2.1")
              + ", or only a part of one:\n  missing: "
              + String.join("\n  missing: ", missing));
    }
  }

  /**
   * The size of one axis of a weight.
   *
   * @param rank that the weight must have
   */
  int dimension(String key, int axis, int rank) {
    Shape shape = weights.shape(key);
    if (shape.rank() != rank
        || shape.dimension(axis) < 1
        || shape.dimension(axis) > MAX_DIMENSION) {
      throw new InvalidModelException(
          what + ": '" + key + "' should have " + rank + " axes of sensible sizes, found " + shape);
    }
    return (int) shape.dimension(axis);
  }

  /**
   * How many layers there are, going by the last one: a layer that is missing before it must not
   * pass for the end.
   *
   * @param prefix of the keys, up to the number of the layer
   */
  int layers(String prefix) {
    Pattern pattern = Pattern.compile(Pattern.quote(prefix) + "(\\d{1,9})\\..*");
    int layers = 0;
    for (String key : weights.names()) {
      Matcher matcher = pattern.matcher(key);
      if (matcher.matches()) {
        layers = Math.max(layers, Integer.parseInt(matcher.group(1)) + 1);
      }
    }
    if (layers > MAX_LAYERS) {
      throw new InvalidModelException(
          what
              + " has a layer "
              + prefix
              + (layers - 1)
              + "; at most "
              + MAX_LAYERS
              + " layers are read");
    }
    return layers;
  }

  /** The number of heads that the rows of a projection make up. */
  int heads(String key, int headSize) {
    int width = dimension(key, 0, 2);
    if (width % headSize != 0) {
      throw new InvalidModelException(
          what + ": '" + key + "' has " + width + " rows, which are no whole heads of " + headSize);
    }
    return width / headSize;
  }
}
