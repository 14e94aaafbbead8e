package dev.showo2.export.internal.architecture;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
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

  /** Numbers of elements, which no computation takes values from. */
  private static final Pattern POSITIONS = Pattern.compile(".*_ids");

  /** Of each sort of difference; a damaged checkpoint of a large model may have thousands. */
  private static final int MAX_LISTED = 20;

  private final Map<String, List<String>> differences = new LinkedHashMap<>();

  /**
   * @param what the checkpoint that is compared, for the message
   * @param secondNames keys under which values of expected ones may be stored once more
   */
  public KeyCheck compare(
      String what,
      CheckpointWeights weights,
      Map<String, Shape> expected,
      Set<String> secondNames) {
    expected.forEach((key, shape) -> compare(what, weights, key, shape));
    Set<String> parts = expected.keySet().stream().map(KeyCheck::part).collect(toSet());
    Set<String> layers = expected.keySet().stream().map(KeyCheck::layer).collect(toSet());
    // Parts of their own may be left out; a weight within a part that is computed may not, nor may
    // anything in a layer that is: it could change what the weight beside it means.
    Predicate<String> unknown =
        key ->
            !expected.containsKey(key)
                && !secondNames.contains(key)
                && parts.contains(part(key))
                && (PARAMETER.matcher(key).matches()
                    || layers.contains(layer(key)) && !POSITIONS.matcher(key).matches());
    weights.names().stream()
        .filter(unknown)
        .forEach(key -> add("unknown in " + what, key + " " + weights.shape(key)));
    weights
        .unreadable()
        .forEach(
            (key, type) -> {
              if (unknown.test(key)) {
                add("unknown in " + what, key + " of " + type);
              }
            });
    return this;
  }

  /**
   * @param what the checkpoint, for the message
   * @throws InvalidModelException if the values of a key cannot be read
   */
  static void requireReadable(String what, CheckpointWeights weights, Collection<String> keys) {
    List<String> unreadable =
        keys.stream()
            .filter(weights.unreadable()::containsKey)
            .map(key -> "'" + key + "' holds " + weights.unreadable().get(key))
            .toList();
    if (!unreadable.isEmpty()) {
      throw new InvalidModelException(
          what
              + ": "
              + unreadable.get(0)
              + (unreadable.size() == 1 ? "" : ", and " + (unreadable.size() - 1) + " more")
              + ", a type that is not read; export a checkpoint whose weights are in fp32, fp16 or"
              + " bf16");
    }
  }

  /** All names of a key's path but the last. */
  private static String layer(String key) {
    return key.substring(0, Math.max(0, key.lastIndexOf('.')));
  }

  /** The first name of a key's path. */
  private static String part(String key) {
    int end = key.indexOf('.');
    return end < 0 ? key : key.substring(0, end);
  }

  private void compare(String what, CheckpointWeights weights, String key, Shape shape) {
    if (weights.unreadable().containsKey(key)) {
      add(
          "of another type in " + what,
          key + " should hold floating-point values, found " + weights.unreadable().get(key));
    } else if (!weights.names().contains(key)) {
      add("missing in " + what, key + " " + shape);
    } else if (!weights.shape(key).equals(shape)) {
      add("misshapen in " + what, key + " should be " + shape + ", found " + weights.shape(key));
    } else if (!FLOATING.contains(weights.type(key))) {
      add(
          "of another type in " + what,
          key + " should hold floating-point values, found " + weights.type(key));
    }
  }

  private void add(String sort, String difference) {
    differences.computeIfAbsent(sort, unused -> new ArrayList<>()).add(difference);
  }

  /**
   * @throws InvalidModelException listing the keys that are missing, have another shape, hold
   *     integers, or are weights that the parts' computation does not know: of each of these sorts
   *     the first 20 and how many more
   */
  public void requireNoDifference() {
    if (!differences.isEmpty()) {
      throw new InvalidModelException(
          "the checkpoint differs in "
              + differences.values().stream().mapToInt(List::size).sum()
              + " keys from what its sizes call for; is it complete, and do config.json and"
              + " arch.json belong to it?"
              + differences.entrySet().stream()
                  .map(entry -> listed(entry.getKey(), entry.getValue()))
                  .collect(joining()));
    }
  }

  private static String listed(String sort, List<String> all) {
    String first =
        all.stream()
            .limit(MAX_LISTED)
            .map(difference -> "\n  " + sort + ": " + difference)
            .collect(joining());
    return all.size() <= MAX_LISTED
        ? first
        : first + "\n  and " + (all.size() - MAX_LISTED) + " more " + sort;
  }
}
