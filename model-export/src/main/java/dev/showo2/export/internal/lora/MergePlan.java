package dev.showo2.export.internal.lora;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.architecture.QuantizationMarks;
import dev.showo2.export.internal.lora.AdapterKey.Role;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Changes of an adapter to the weights of a model.
 *
 * @param prefix what precedes the adapter's keys in the model; empty if nothing does
 * @param changes by the key of the weight
 * @param notes what may not have been meant, each a sentence
 */
record MergePlan(String prefix, Map<String, WeightChange> changes, List<String> notes) {

  /**
   * @throws dev.showo2.error.InvalidModelException listing everything that does not fit
   */
  static MergePlan of(Adapter adapter, CheckpointWeights model) {
    ErrorCollector problems = new ErrorCollector();
    AdapterContents contents = AdapterContents.of(adapter.tensors(), problems);
    String prefix =
        KeyPrefix.find(
            model.names(),
            contents.weights(),
            candidate -> fits(adapter, model, contents, candidate),
            problems);
    Map<String, WeightChange> changes = changes(adapter, model, contents, prefix, problems);
    problems.requireNone(adapter);
    changeTied(model, changes);
    return new MergePlan(prefix, changes, notes(adapter, model, contents, prefix));
  }

  /** Rows that were trained change the one matrix of tied models, as in PEFT. */
  private static void changeTied(CheckpointWeights model, Map<String, WeightChange> changes) {
    WeightChange rows = changes.get(Ties.EMBEDDING);
    if (rows != null
        && rows.delta().filter(delta -> delta.form() == Delta.Form.TOKEN_ROWS).isPresent()
        && model.names().contains(Ties.HEAD)
        && model.sameValues(Ties.EMBEDDING, Ties.HEAD)) {
      changes.putIfAbsent(Ties.HEAD, rows);
    }
  }

  private static List<String> notes(
      Adapter adapter, CheckpointWeights model, AdapterContents contents, String prefix) {
    List<String> notes = new ArrayList<>();
    String bias = adapter.config().bias().orElse("none");
    boolean biased =
        contents.modules().keySet().stream()
            .anyMatch(path -> model.names().contains(prefix + path + ".bias"));
    if (!bias.equals("none")
        && biased
        && contents.replacements().keySet().stream().noneMatch(key -> key.endsWith(".bias"))) {
      notes.add(
          "the adapter "
              + adapter.name()
              + " says bias="
              + bias
              + ", but its file has no biases, as PEFT up to 0.18 leaves them out; those that were"
              + " trained are lost");
    }
    contents.modules().keySet().stream()
        .flatMap(path -> adapter.config().alphas().overlap(path).stream())
        .findFirst()
        .ifPresent(notes::add);
    return notes;
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

  /**
   * The tensors of an adapter by what they are for.
   *
   * @param modules keys of the tensors of each adapted module, by its path
   * @param replacements keys of the tensors that replace weights, by the weight's key
   */
  private record AdapterContents(
      Map<String, Map<Role, String>> modules, Map<String, String> replacements) {

    static AdapterContents of(CheckpointWeights adapter, ErrorCollector problems) {
      Map<String, Map<Role, String>> modules = new LinkedHashMap<>();
      Map<String, String> replacements = new LinkedHashMap<>();
      adapter
          .unreadable()
          .forEach(
              (tensor, type) ->
                  problems.add(
                      QuantizationMarks.of(tensor).isPresent()
                          ? quantized(tensor)
                          : "of another type: "
                              + tensor
                              + " should hold floating-point values, found "
                              + type));
      for (String tensor : adapter.names()) {
        if (QuantizationMarks.of(tensor).isPresent()) {
          problems.add(quantized(tensor));
          continue;
        }
        AdapterKey key = AdapterKey.of(tensor);
        switch (key.role()) {
          case UNUSED -> {}
          case UNKNOWN -> problems.add("of an unknown method: " + tensor);
          case REPLACEMENT -> {
            // With biases PEFT writes those of a saved module twice and reads the plain key.
            if (tensor.contains(".modules_to_save.")) {
              replacements.putIfAbsent(key.path(), tensor);
            } else {
              replacements.put(key.path(), tensor);
            }
          }
          default -> {
            String other =
                modules
                    .computeIfAbsent(key.path(), path -> new EnumMap<>(Role.class))
                    .put(key.role(), tensor);
            if (other != null) {
              problems.add("of several adapters in one file: " + other + " and " + tensor);
            }
          }
        }
      }
      if (modules.isEmpty() && replacements.isEmpty()) {
        problems.add("nothing to merge: it has no tensors that change a weight");
      }
      return new AdapterContents(modules, replacements);
    }

    private static String quantized(String tensor) {
      return "quantized: "
          + tensor
          + " changes what the tensor beside it means, "
          + QuantizationMarks.of(tensor).orElseThrow().writer()
          + ", and is not applied";
    }

    /** The keys, in the model that was trained, of all weights that change. */
    Set<String> weights() {
      Set<String> weights = new LinkedHashSet<>();
      modules.keySet().forEach(path -> weights.add(path + ".weight"));
      weights.addAll(replacements.keySet());
      return weights;
    }
  }

  /**
   * Finds where in the model the module is that was trained: an adapter that was trained on the
   * language model alone has keys without {@code showo.} before them.
   */
  static final class KeyPrefix {

    /** In characters; no path in a model of this family is half as long. */
    private static final int MAX_PREFIX = 128;

    private KeyPrefix() {}

    /**
     * What has to precede every key: nothing where the keys are those of the model, else the one
     * prefix with which all of them are. Without such a prefix it is the one with the most hits, so
     * that messages name only what is really unknown.
     *
     * @param fits tells, where the keys leave several prefixes, with which one the shapes fit as
     *     well
     */
    static String find(
        Set<String> names, Set<String> keys, Predicate<String> fits, ErrorCollector problems) {
      if (names.containsAll(keys)) {
        return "";
      }
      Map<String, Integer> hits = hits(names, keys);
      int most = hits.values().stream().max(Integer::compare).orElse(0);
      List<String> best =
          hits.keySet().stream().filter(prefix -> hits.get(prefix) == most).toList();
      if (most < keys.size() || best.size() == 1) {
        return best.isEmpty() ? "" : best.get(0);
      }
      List<String> fitting = best.stream().filter(fits).toList();
      if (fitting.size() > 1) {
        problems.add(
            "ambiguous: its modules are found under each of "
                + fitting
                + "; put the right one before its keys");
      }
      return (fitting.isEmpty() ? best : fitting).get(0);
    }

    /** How many keys each prefix makes a name of. The names are gone through once. */
    private static Map<String, Integer> hits(Set<String> names, Set<String> keys) {
      Map<String, Integer> hits = new TreeMap<>();
      for (String name : names) {
        int start = 0;
        do {
          if (keys.contains(name.substring(start))) {
            hits.merge(name.substring(0, start), 1, Integer::sum);
          }
          start = name.indexOf('.', start) + 1;
        } while (start > 0 && start <= MAX_PREFIX);
      }
      return hits;
    }
  }
}
