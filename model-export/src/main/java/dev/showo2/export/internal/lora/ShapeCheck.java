package dev.showo2.export.internal.lora;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.EnumSet;
import java.util.Set;

/** Compares an adapter's tensors with the weights of a model. */
record ShapeCheck(CheckpointWeights adapter, CheckpointWeights model, ErrorCollector problems) {

  private static final Set<ElementType> FLOATING =
      EnumSet.of(
          ElementType.FLOAT64, ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

  /** Whether the model has a weight of this key that something can be merged into. */
  boolean known(String key) {
    if (!model.names().contains(key)) {
      problems.add("unknown: the model has no " + key);
      return false;
    }
    requireFloating(key, model.type(key));
    return true;
  }

  /** Whether a tensor of the adapter has the shape that its use calls for. */
  boolean require(String tensor, Shape expected) {
    requireFloating(tensor, adapter.type(tensor));
    if (adapter.shape(tensor).equals(expected)) {
      return true;
    }
    problems.add(
        "misshapen: " + tensor + " should be " + expected + ", found " + adapter.shape(tensor));
    return false;
  }

  private void requireFloating(String name, ElementType type) {
    if (!FLOATING.contains(type)) {
      problems.add(
          "of another type: " + name + " should hold floating-point values, found " + type);
    }
  }
}
