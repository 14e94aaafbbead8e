package dev.showo2.conformance;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.conformance.report.ReportFiles;
import dev.showo2.conformance.report.Rerun;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Rule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/** One run of the kit as JUnit's tests, with the report at its end. */
final class JUnitRun implements AutoCloseable {

  private final Conformance kit;
  private final Optional<String> only;
  private final Rerun rerun;
  private boolean chosen;

  /**
   * @param only the checks to run as in {@link Selection#of}, or empty for all
   * @param rerun by which one check is run again
   */
  JUnitRun(Conformance kit, Optional<String> only, Rerun rerun) {
    this.kit = kit;
    this.only = only;
    this.rerun = rerun;
  }

  /**
   * A container for each rule.
   *
   * @throws IllegalArgumentException if a name of what is to run chooses nothing
   */
  Stream<DynamicNode> tests() {
    List<PlannedCheck> plan = only.map(Selection::of).orElse(Selection.ALL).from(kit.plan());
    chosen = true;
    Map<Rule, List<DynamicTest>> byRule = new TreeMap<>();
    for (PlannedCheck planned : plan) {
      byRule
          .computeIfAbsent(planned.rule(), rule -> new ArrayList<>())
          .add(dynamicTest(planned.id(), () -> run(planned)));
    }
    return byRule.entrySet().stream()
        .map(
            entry ->
                dynamicContainer(
                    entry.getKey() + " " + entry.getKey().sentence(), entry.getValue()));
  }

  private void run(PlannedCheck planned) {
    Outcome outcome = kit.run(planned);
    if (outcome.status() == Status.FAILED) {
      Rule rule = outcome.rule();
      throw new AssertionError(
          rule
              + " "
              + rule.level()
              + ": "
              + rule.sentence()
              + "\n"
              + outcome.problem()
              + "\nagain: "
              + rerun.of(outcome.id()));
    }
    if (outcome.status() != Status.PASSED) {
      throw new TestAbortedException(outcome.status() + ": " + outcome.reason());
    }
  }

  /** Writes the report and tells of it on standard output, which builds keep. */
  void report(Path folder) throws IOException {
    if (!chosen) {
      return;
    }
    Report report = kit.report().with(rerun);
    // A few checks that are run again must not replace the whole.
    String name = ReportFiles.name(report.environment()) + (only.isPresent() ? "-only" : "");
    ReportFiles files = ReportFiles.write(report, folder, name);
    StringBuilder text = new StringBuilder("\n");
    report.printSummary(text);
    text.append("report: ").append(files.markdown().toAbsolutePath().normalize());
    System.out.println(text);
  }

  /** Closes the backends. */
  @Override
  public void close() {
    kit.close();
  }
}
