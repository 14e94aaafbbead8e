package dev.showo2.export.internal.lora;

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

  /** In characters; no path in a model of this family is half as long. */
  private static final int MAX_PREFIX = 128;

  private KeyPrefix() {}

  /**
   * What has to stand before every key: nothing where the keys are those of the model, else the one
   * prefix with which all of them are. Without such a prefix it is the one with the most hits, so
   * that messages name only what is really unknown.
   *
   * @param fits tells, where the keys leave several prefixes, with which one the shapes fit as well
   */
  static String find(
      Set<String> names, Set<String> keys, Predicate<String> fits, ErrorCollector problems) {
    if (names.containsAll(keys)) {
      return "";
    }
    Map<String, Integer> hits = hits(names, keys);
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
