package dev.showo2.export.internal.lora;

import dev.showo2.export.internal.lora.AdapterKey.Role;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of an adapter by what they are for.
 *
 * @param modules keys of the tensors of each adapted module, by its path
 * @param replacements keys of the tensors that stand in for weights, by the weight's key
 */
record AdapterContents(Map<String, Map<Role, String>> modules, Map<String, String> replacements) {

  static AdapterContents of(Set<String> tensors, ErrorCollector problems) {
    Map<String, Map<Role, String>> modules = new LinkedHashMap<>();
    Map<String, String> replacements = new LinkedHashMap<>();
    for (String tensor : tensors) {
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

  /** The keys, in the model that was trained, of all weights that change. */
  Set<String> weights() {
    Set<String> weights = new LinkedHashSet<>();
    modules.keySet().forEach(path -> weights.add(path + ".weight"));
    weights.addAll(replacements.keySet());
    return weights;
  }
}
