package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/** CheckpointWeights under other names, by a table of them. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class MappedWeights extends RenamedWeights {

  private final Map<String, String> stored;
  private final Map<String, String> unreadable;

  /** The name here of the first tensor that has a stored name. */
  private final Map<String, String> names = new HashMap<>();

  private MappedWeights(
      CheckpointWeights weights, Map<String, String> stored, Map<String, String> unreadable) {
    super(weights);
    this.stored = Collections.unmodifiableMap(stored);
    this.unreadable = Collections.unmodifiableMap(unreadable);
    stored.forEach((name, key) -> names.putIfAbsent(key, name));
  }

  /**
   * The same weights with a new name for each key.
   *
   * @param weights are closed together with these
   * @throws InvalidModelException if two keys get one name
   */
  public static CheckpointWeights rename(CheckpointWeights weights, UnaryOperator<String> newName) {
    Map<String, String> stored = new LinkedHashMap<>();
    for (String key : weights.names()) {
      String other = stored.put(newName.apply(key), key);
      if (other != null) {
        throw new InvalidModelException(
            "the keys '"
                + other
                + "' and '"
                + key
                + "' name the same weight, '"
                + newName.apply(key)
                + "'; save the state dict of one model alone");
      }
    }
    Map<String, String> unreadable = new LinkedHashMap<>();
    weights.unreadable().forEach((key, type) -> unreadable.put(newName.apply(key), type));
    return new MappedWeights(weights, stored, unreadable);
  }

  /** The same weights, in which one tensor stands under a second name as well. */
  public static CheckpointWeights alias(CheckpointWeights weights, String first, String second) {
    Map<String, String> stored = new LinkedHashMap<>();
    weights.names().forEach(name -> stored.put(name, name));
    stored.put(second, first);
    return new MappedWeights(weights, stored, weights.unreadable());
  }

  @Override
  public Set<String> names() {
    return stored.keySet();
  }

  @Override
  public Map<String, String> unreadable() {
    return unreadable;
  }

  @Override
  protected String stored(String name) {
    String key = stored.get(name);
    if (key == null) {
      throw new InvalidModelException("the checkpoint has no tensor '" + name + "'");
    }
    return key;
  }

  @Override
  public String sharedWith(String name) {
    return names.get(super.sharedWith(name));
  }
}
