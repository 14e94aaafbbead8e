package dev.showo2.export.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares the keys of a checkpoint with those that its architecture needs, all at once. */
public final class KeyCheck {

  private KeyCheck() {}

  /**
   * @param what the checkpoint that is compared, for the message
   * @throws InvalidModelException listing every key that is missing or has another shape
   */
  public static void require(Weights weights, Map<String, Shape> expected, String what) {
    List<String> differences = new ArrayList<>();
    expected.forEach(
        (key, shape) -> {
          if (!weights.names().contains(key)) {
            differences.add("missing: " + key + " " + shape);
          } else if (!weights.shape(key).equals(shape)) {
            differences.add(
                "misshapen: " + key + " should be " + shape + ", found " + weights.shape(key));
          }
        });
    if (!differences.isEmpty()) {
      throw new InvalidModelException(
          what
              + " differs from what its sizes call for in "
              + differences.size()
              + " of "
              + expected.size()
              + " keys; is it complete, and do config.json and arch.json belong"
              + " to it?\n  "
              + String.join("\n  ", differences));
    }
  }
}
