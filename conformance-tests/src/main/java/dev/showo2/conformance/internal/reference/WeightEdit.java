package dev.showo2.conformance.internal.reference;

import dev.showo2.tensor.HostTensor;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * A change to weights as they are read; what it concerns is held on the heap.
 *
 * @param keys of the weights that it concerns, from beginning to end
 * @param change to another tensor of the same shape
 */
@API(status = API.Status.INTERNAL)
public record WeightEdit(Pattern keys, UnaryOperator<HostTensor> change) {

  /**
   * Makes an edit of all weights whose names match.
   *
   * @param keys a regular expression
   * @param change gives the new values of a weight
   * @return the edit
   */
  public static WeightEdit of(String keys, UnaryOperator<HostTensor> change) {
    return new WeightEdit(Pattern.compile(keys), change);
  }

  boolean concerns(String key) {
    return keys.matcher(key).matches();
  }
}
