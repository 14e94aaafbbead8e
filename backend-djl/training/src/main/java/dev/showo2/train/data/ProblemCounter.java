package dev.showo2.train.data;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts rows and problems. Not thread-safe. */
final class ProblemCounter {

  private static final int MESSAGES = 5;

  private final Map<ExampleProblem, Long> counts = new EnumMap<>(ExampleProblem.class);
  private final Map<ExampleProblem, List<String>> messages = new EnumMap<>(ExampleProblem.class);
  private long rows;

  void row() {
    rows++;
  }

  void problem(ExampleProblem problem, String message) {
    counts.merge(problem, 1L, Long::sum);
    List<String> first = messages.computeIfAbsent(problem, key -> new ArrayList<>());
    if (first.size() < MESSAGES) {
      first.add(message);
    }
  }

  DataReport report() {
    Map<ExampleProblem, List<String>> copies = new EnumMap<>(ExampleProblem.class);
    messages.forEach((problem, first) -> copies.put(problem, List.copyOf(first)));
    return new DataReport(rows, counts, copies);
  }

  /** Goes on from saved counts. */
  void restore(DataReport report) {
    counts.clear();
    messages.clear();
    rows = report.rows();
    counts.putAll(report.counts());
    report.messages().forEach((problem, first) -> messages.put(problem, new ArrayList<>(first)));
  }
}
