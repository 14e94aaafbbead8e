package dev.showo2.export.internal.lora;

import dev.showo2.export.checkpoint.CheckpointWeights;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which weights of a model an adapter changes, and how.
 *
 * @param prefix what stands before the adapter's keys in the model; empty if nothing does
 * @param changes by the key of the weight
 */
record MergePlan(String prefix, Map<String, WeightChange> changes) {

  /**
   * @throws dev.showo2.error.InvalidModelException listing everything that does not fit
   */
  static MergePlan of(Adapter adapter, CheckpointWeights model) {
    ErrorCollector problems = new ErrorCollector();
    AdapterContents contents = AdapterContents.of(adapter.tensors().names(), problems);
    String prefix =
        KeyPrefix.find(
            model.names(),
            contents.weights(),
            candidate -> fits(adapter, model, contents, candidate),
            problems);
    Map<String, WeightChange> changes = changes(adapter, model, contents, prefix, problems);
    problems.requireNone(adapter);
    return new MergePlan(prefix, changes);
  }

  private static boolean fits(
      Adapter adapter, CheckpointWeights model, AdapterContents contents, String prefix) {
    ErrorCollector problems = new ErrorCollector();
    changes(adapter, model, contents, prefix, problems);
    return problems.isEmpty();
  }

  private static Map<String, WeightChange> changes(
      Adapter adapter,
      CheckpointWeights model,
      AdapterContents contents,
      String prefix,
      ErrorCollector problems) {
    ShapeCheck fit = new ShapeCheck(adapter.tensors(), model, problems);
    Map<String, WeightChange> changes = new LinkedHashMap<>();
    contents
        .replacements()
        .forEach(
            (key, tensor) -> {
              if (fit.known(prefix + key)) {
                fit.require(tensor, model.shape(prefix + key));
                changes.put(prefix + key, WeightChange.replaced(tensor));
              }
            });
    contents
        .modules()
        .forEach(
            (path, tensors) -> {
              if (fit.known(prefix + path + ".weight")) {
                new ModuleMerge(adapter.config(), fit, path, tensors)
                    .changes(prefix + path)
                    .forEach(
                        (key, delta) ->
                            changes.merge(key, WeightChange.added(delta), WeightChange::andAdded));
              }
            });
    return changes;
  }
}
