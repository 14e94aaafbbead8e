package dev.showo2.export.architecture;

import static java.util.stream.Collectors.toSet;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/** Compares the keys of checkpoints with those that their architecture needs, all at once. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class KeyCheck {

  private static final Set<ElementType> FLOATING =
      EnumSet.of(
          ElementType.FLOAT64, ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

  /** What a layer computes with, as opposed to buffers that it can make anew. */
  private static final Pattern PARAMETER = Pattern.compile(".*\\.(weight|bias|gamma)");

  private final List<String> differences = new ArrayList<>();

  /**
   * @param what the checkpoint that is compared, for the message
   * @param secondNames keys under which values of expected ones may stand once more
   */
  public KeyCheck compare(
      String what, Weights weights, Map<String, Shape> expected, Set<String> secondNames) {
    expected.forEach((key, shape) -> compare(what, weights, key, shape));
    Set<String> parts = expected.keySet().stream().map(KeyCheck::part).collect(toSet());
    for (String key : weights.names()) {
      // Parts of their own may be left out; a weight within a part that is computed may not.
      if (!expected.containsKey(key)
          && !secondNames.contains(key)
          && parts.contains(part(key))
          && PARAMETER.matcher(key).matches()) {
        differences.add("unknown in " + what + ": " + key + " " + weights.shape(key));
      }
    }
    return this;
  }

  /** The first name of a key's path. */
  private static String part(String key) {
    int end = key.indexOf('.');
    return end < 0 ? key : key.substring(0, end);
  }

  private void compare(String what, Weights weights, String key, Shape shape) {
    if (!weights.names().contains(key)) {
      differences.add("missing in " + what + ": " + key + " " + shape);
    } else if (!weights.shape(key).equals(shape)) {
      differences.add(
          "misshapen in "
              + what
              + ": "
              + key
              + " should be "
              + shape
              + ", found "
              + weights.shape(key));
    } else if (!FLOATING.contains(weights.type(key))) {
      differences.add(
          "of another type in "
              + what
              + ": "
              + key
              + " should hold floating-point values, found "
              + weights.type(key));
    }
  }

  /**
   * @throws InvalidModelException listing every key that is missing, has another shape, holds
   *     integers, or is a weight that the parts' computation does not know
   */
  public void requireNoDifference() {
    if (!differences.isEmpty()) {
      throw new InvalidModelException(
          "the checkpoint differs in "
              + differences.size()
              + " keys from what its sizes call for; is it complete, and do config.json and"
              + " arch.json belong to it?\n  "
              + String.join("\n  ", differences));
    }
  }
}
