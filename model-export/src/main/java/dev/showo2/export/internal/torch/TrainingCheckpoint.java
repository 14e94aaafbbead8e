package dev.showo2.export.internal.torch;

import dev.showo2.error.InvalidModelException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Dicts that training scripts save: weights are in one of their entries, if anywhere. */
final class TrainingCheckpoint {

  private static final int MAX_LISTED = 10;

  private TrainingCheckpoint() {}

  /**
   * @param origin the file, for the message
   * @param root the value of its pickle
   * @throws InvalidModelException that names the entry to save, if the weights are in one, or says
   *     that there are none
   */
  static void refuse(String origin, PickleValue.Dict root) {
    Map<String, Object> entries = root.entries();
    List<String> weights =
        entries.entrySet().stream()
            .filter(entry -> holdsTensors(entry.getValue()))
            .map(Map.Entry::getKey)
            .limit(MAX_LISTED)
            .toList();
    if (!weights.isEmpty()) {
      boolean lightning =
          entries.containsKey("pytorch-lightning_version")
              || entries.containsKey("optimizer_states");
      String entry = weights.get(0);
      throw new InvalidModelException(
          origin
              + " is a training checkpoint"
              + (lightning ? " of Lightning" : "")
              + ", a dict of "
              + listed(List.copyOf(entries.keySet()))
              + ", and no state dict; its weights are in "
              + listed(weights)
              + ": save that entry alone, torch.save(torch.load(file)['"
              + entry
              + "'], new_file)");
    }
    if (entries.containsKey("state") && entries.containsKey("param_groups")) {
      throw new InvalidModelException(
          origin
              + " is the state of an optimizer, which training needs to go on, and holds no weights"
              + " of a model; save model.state_dict(), or name the file that has it");
    }
  }

  private static boolean holdsTensors(Object value) {
    return value instanceof PickleValue.Dict dict
        && dict.entries().values().stream()
            .anyMatch(
                inner ->
                    inner instanceof PickleValue.View
                        || inner instanceof PickleValue.ForeignTensor);
  }

  private static String listed(List<String> names) {
    return names.stream()
            .limit(MAX_LISTED)
            .map(name -> "'" + name + "'")
            .collect(Collectors.joining(", "))
        + (names.size() > MAX_LISTED ? " and more" : "");
  }
}
