package dev.showo2.export.internal.lora;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.checkpoint.RenamedWeights;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * CheckpointWeights in which one tensor stands under a second name as well, as a view of the first.
 */
final class TensorAlias extends RenamedWeights {

  private final String first;
  private final String second;
  private final Set<String> names;

  TensorAlias(CheckpointWeights weights, String first, String second) {
    super(weights);
    this.first = first;
    this.second = second;
    Set<String> all = new LinkedHashSet<>(weights.names());
    all.add(second);
    this.names = Collections.unmodifiableSet(all);
  }

  @Override
  public Set<String> names() {
    return names;
  }

  @Override
  protected String stored(String name) {
    return name.equals(second) ? first : name;
  }
}
