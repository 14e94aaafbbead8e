package dev.showo2.export.internal.lora;

import dev.showo2.model.internal.JsonFields;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of embeddings that were trained whole: {@code trainable_token_indices}, a list for the
 * one embedding, or lists by the names of modules.
 *
 * @param byModule rows in the order in which the adapter's tensor has them; the key is empty for
 *     every module
 */
record TrainedTokenRows(Map<String, List<Integer>> byModule) {

  private static final String FIELD = "trainable_token_indices";

  static TrainedTokenRows read(JsonFields json) {
    Map<String, List<Integer>> rows = new LinkedHashMap<>();
    if (json.has(FIELD)) {
      if (json.text(FIELD).startsWith("[")) {
        rows.put("", rows(json, FIELD));
      } else {
        JsonFields modules = json.object(FIELD);
        modules.names().forEach(module -> rows.put(module, rows(modules, module)));
      }
    }
    return new TrainedTokenRows(rows);
  }

  private static List<Integer> rows(JsonFields json, String field) {
    Set<Integer> rows = new LinkedHashSet<>();
    for (long row : json.longs(field)) {
      if (row < 0 || row > Integer.MAX_VALUE || !rows.add((int) row)) {
        throw json.wrong(field, "numbers of rows, each once");
      }
    }
    return List.copyOf(rows);
  }

  /**
   * @param module path of the module in the model that was trained
   */
  Optional<List<Integer>> of(String module) {
    return byModule.entrySet().stream()
        .filter(
            entry ->
                entry.getKey().isEmpty()
                    || module.equals(entry.getKey())
                    || module.endsWith("." + entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Puts the rows of a tensor in the place of those of the weight. */
  static RowChange change(List<Integer> rows, float[] values) {
    Map<Integer, Integer> positions = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      positions.put(rows.get(i), i);
    }
    return (row, target) -> {
      Integer position = positions.get(row);
      if (position != null) {
        System.arraycopy(values, position * target.length, target, 0, target.length);
      }
    };
  }
}
