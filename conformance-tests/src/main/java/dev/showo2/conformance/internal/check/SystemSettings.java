package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The settings of the whole JVM, which are not a backend's to change. */
final class SystemSettings {

  private SystemSettings() {}

  static List<Check> checks() {
    return List.of(Check.of(Rule.R17, "system properties", SystemSettings::properties));
  }

  private static void properties(CheckContext trial, Checks checks) {
    checks.holds(
        "system properties at the first opening",
        trial.changedSettings().isEmpty(),
        "changed: " + trial.changedSettings() + "; hand settings to the engine itself");
    Map<Object, Object> before = new TreeMap<>(System.getProperties());
    OpenAndClose.openUseAndClose(trial);
    Map<Object, Object> after = new TreeMap<>(System.getProperties());
    Set<Object> changed = new TreeSet<>(before.keySet());
    changed.addAll(after.keySet());
    changed.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
    checks.holds(
        "system properties",
        changed.isEmpty(),
        "changed: "
            + changed.stream()
                .map(name -> name + " from " + before.get(name) + " to " + after.get(name))
                .toList()
            + "; other libraries see them too, hand settings to the engine itself");
  }
}
