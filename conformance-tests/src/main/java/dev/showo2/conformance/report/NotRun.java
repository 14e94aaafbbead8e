package dev.showo2.conformance.report;

import dev.showo2.conformance.rules.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rules and checks that were not run for one reason.
 *
 * @param names of rules that have no check, and of checks
 */
record NotRun(String reason, List<String> names) {

  /** With more of them a reader wants to know the rules, not the names. */
  private static final int MOST_NAMES = 6;

  /** Rules that have no check, and checks, in the order of the rules. */
  static List<NotRun> of(Report report) {
    return of(report, true);
  }

  /** Checks alone. */
  static List<NotRun> ofChecks(Report report) {
    return of(report, false);
  }

  private static List<NotRun> of(Report report, boolean withRules) {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    for (RuleResult result : report.rules()) {
      if (withRules && result.outcomes().isEmpty()) {
        add(byReason, result.reason(), result.rule().id());
      }
      for (Outcome outcome : result.outcomes()) {
        if (outcome.status() == Status.NOT_RUN) {
          add(byReason, outcome.reason(), outcome.id());
        }
      }
    }
    return byReason.entrySet().stream()
        .map(entry -> new NotRun(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static void add(Map<String, List<String>> names, String reason, String name) {
    names.computeIfAbsent(reason, key -> new ArrayList<>()).add(name);
  }

  /** The names, or, where there are many, how many, and the rules that they are of. */
  String what() {
    if (names.size() <= MOST_NAMES) {
      return String.join(", ", names);
    }
    Set<String> rules = new LinkedHashSet<>();
    for (String name : names) {
      rules.add(name.split("/", 2)[0]);
    }
    String what = rules.size() == Rule.values().length ? "all rules" : String.join(", ", rules);
    return names.size() + " of " + what;
  }
}
