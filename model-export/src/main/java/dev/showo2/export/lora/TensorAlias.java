package dev.showo2.export.lora;

import dev.showo2.export.checkpoint.RenamedWeights;
import dev.showo2.export.checkpoint.Weights;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** Weights in which one tensor stands under a second name as well, as a view of the first. */
final class TensorAlias extends RenamedWeights {

  private final String first;
  private final String second;
  private final Set<String> names;

  TensorAlias(Weights weights, String first, String second) {
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
