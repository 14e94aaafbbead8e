package dev.showo2.train.data;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * Counts of what rows were made of, and of what could not be used.
 *
 * @param rows that were made
 * @param counts of problems by kind; none is 0
 * @param messages of the first problems of each kind, with file and line
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DataReport(
    long rows, Map<ExampleProblem, Long> counts, Map<ExampleProblem, List<String>> messages) {

  /**
   * Copies the maps.
   *
   * @param rows that were made
   * @param counts of problems by kind
   * @param messages of the first problems of each kind
   */
  public DataReport {
    counts = Map.copyOf(counts);
    messages = Map.copyOf(messages);
  }

  /**
   * Counts the examples of which no row was made.
   *
   * @return 0 or more
   */
  public long skipped() {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().unusable())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /**
   * Describes the counts, and the first problems of each kind, in lines of text.
   *
   * @return such as "1200 rows; 3 examples skipped: …"
   */
  public String text() {
    String examples = skipped() == 1 ? " example" : " examples";
    StringBuilder text = new StringBuilder(rows + " rows; " + skipped() + examples + " skipped\n");
    new TreeMap<>(counts)
        .forEach(
            (problem, count) -> {
              text.append("  ").append(count).append(" × ").append(problem.text()).append('\n');
              for (String message : messages.getOrDefault(problem, List.of())) {
                text.append("    ").append(message).append('\n');
              }
            });
    return text.toString();
  }
}
