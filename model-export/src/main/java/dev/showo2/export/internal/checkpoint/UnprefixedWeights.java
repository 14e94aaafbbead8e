package dev.showo2.export.internal.checkpoint;

import dev.showo2.export.checkpoint.CheckpointWeights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/** CheckpointWeights whose keys all start with the same prefix, under the rest of their keys. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class UnprefixedWeights extends RenamedWeights {

  private final String prefix;
  private final Set<String> names = new LinkedHashSet<>();

  /**
   * @param weights are closed together with these
   * @param prefix of every key of the weights
   */
  public UnprefixedWeights(CheckpointWeights weights, String prefix) {
    super(weights);
    this.prefix = prefix;
    weights.names().forEach(name -> names.add(name.substring(prefix.length())));
  }

  /** The same weights, without the names of wrappers of torch with which every key starts. */
  public static CheckpointWeights unwrap(CheckpointWeights weights) {
    String prefix = WrapperPrefix.common(weights.names());
    return prefix.isEmpty() ? weights : new UnprefixedWeights(weights, prefix);
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(names);
  }

  @Override
  public Map<String, String> unreadable() {
    Map<String, String> unprefixed = new LinkedHashMap<>();
    super.unreadable()
        .forEach(
            (name, type) ->
                unprefixed.put(
                    name.startsWith(prefix) ? name.substring(prefix.length()) : name, type));
    return Collections.unmodifiableMap(unprefixed);
  }

  @Override
  protected String stored(String name) {
    return prefix + name;
  }

  @Override
  public String sharedWith(String name) {
    return super.sharedWith(name).substring(prefix.length());
  }
}
