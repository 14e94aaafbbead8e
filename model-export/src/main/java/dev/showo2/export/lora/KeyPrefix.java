package dev.showo2.export.lora;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Finds where in the model the module lies that was trained: an adapter that was trained on the
 * language model alone has keys without {@code showo.} before them.
 */
final class KeyPrefix {

  private KeyPrefix() {}

  /**
   * What has to stand before every key: nothing where the keys are those of the model, else the one
   * prefix with which all of them are. Without such a prefix it is the one with the most hits, so
   * that messages name only what is really unknown.
   *
   * @param fits tells, where the keys leave several prefixes, with which one the shapes fit as well
   */
  static String find(
      Set<String> names, Set<String> keys, Predicate<String> fits, Problems problems) {
    if (names.containsAll(keys)) {
      return "";
    }
    Map<String, Integer> hits = new TreeMap<>();
    for (String key : keys) {
      String end = "." + key;
      for (String name : names) {
        if (name.equals(key) || name.endsWith(end)) {
          hits.merge(name.substring(0, name.length() - key.length()), 1, Integer::sum);
        }
      }
    }
    int most = hits.values().stream().max(Integer::compare).orElse(0);
    List<String> best = hits.keySet().stream().filter(prefix -> hits.get(prefix) == most).toList();
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
}
