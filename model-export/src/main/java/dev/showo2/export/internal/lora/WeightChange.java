package dev.showo2.export.internal.lora;

import java.util.Optional;

/**
 * Change of one weight by an adapter.
 *
 * @param replacement key of the adapter's tensor that replaces the weight, if one does
 * @param delta what is merged into the weight or its replacement
 */
record WeightChange(Optional<String> replacement, Optional<Delta> delta) {

  static WeightChange replaced(String tensor) {
    return new WeightChange(Optional.of(tensor), Optional.empty());
  }

  static WeightChange added(Delta delta) {
    return new WeightChange(Optional.empty(), Optional.of(delta));
  }

  /** The replacement of this with what the other adds. */
  WeightChange andAdded(WeightChange other) {
    return new WeightChange(replacement, other.delta);
  }
}
