package dev.showo2.export.internal.checkpoint;

import dev.showo2.export.checkpoint.CheckpointWeights;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/** Keys without what wrappers put before and between the names of a model's modules. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class UnwrappedWeights {

  /** Keys that a model or a VAE has in any form, one of them at least. */
  private static final List<String> KNOWN =
      List.of(
          "showo.model.norm.weight",
          "fusion_proj.1.weight",
          "encoder.conv1.weight",
          "decoder.conv1.weight",
          "encoder.conv_in.weight",
          "decoder.conv_in.weight");

  private UnwrappedWeights() {}

  /** The same weights under the keys of the model alone. */
  public static CheckpointWeights unwrap(CheckpointWeights weights) {
    return unwrap(weights, note -> {});
  }

  /**
   * The same weights under the keys of the model alone: without the names of torch's wrappers, and
   * without a prefix with which every key starts.
   *
   * @param note is told what was left out, if anything was
   */
  public static CheckpointWeights unwrap(CheckpointWeights weights, Consumer<String> note) {
    Set<String> keys = weights.names();
    String prefix = WrapperPrefix.common(keys);
    String wrapped = keys.stream().allMatch(key -> key.startsWith(prefix)) ? prefix : "";
    UnaryOperator<String> name =
        key -> WrapperPrefix.strip(key.startsWith(wrapped) ? key.substring(wrapped.length()) : key);
    String outer = outer(keys.stream().map(name).toList());
    String before = wrapped + outer;
    UnaryOperator<String> whole =
        key -> {
          String inner = name.apply(key);
          return inner.startsWith(outer) ? inner.substring(outer.length()) : inner;
        };
    if (keys.stream().allMatch(key -> whole.apply(key).equals(key))) {
      return weights;
    }
    if (!before.isEmpty()) {
      note.accept("leaving out '" + before + "', with which every key starts");
    }
    if (keys.stream().anyMatch(key -> !before.concat(whole.apply(key)).equals(key))) {
      note.accept("leaving out the names of torch's wrappers within the keys");
    }
    return MappedWeights.rename(weights, whole);
  }

  /** What stands before every key, found by the one that is known. */
  private static String outer(List<String> keys) {
    for (String known : KNOWN) {
      for (String key : keys) {
        if (key.endsWith("." + known)) {
          String outer = key.substring(0, key.length() - known.length());
          return keys.stream().allMatch(other -> other.startsWith(outer)) ? outer : "";
        }
      }
    }
    return "";
  }
}
