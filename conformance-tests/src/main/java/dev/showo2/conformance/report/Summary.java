package dev.showo2.conformance.report;

import dev.showo2.conformance.rules.Level;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A report in a few lines. */
final class Summary {

  private Summary() {}

  static String of(Report report) {
    StringBuilder text = new StringBuilder();
    Environment environment = report.environment();
    line(
        text,
        environment.backend()
            + " ("
            + environment.info().name()
            + " "
            + environment.info().version()
            + ") on "
            + environment.config().device()
            + " in "
            + environment.precision().id()
            + ": "
            + (report.conformant() ? "conformant" : "not shown to be conformant"));
    for (Level level : Level.values()) {
      line(text, "rules that a backend " + level + " keep: " + counts(report, level));
    }
    for (Outcome outcome : report.outcomes(Status.FAILED)) {
      line(text, "failed  " + outcome.id() + "  " + outcome.problem());
      report.rerun(outcome).ifPresent(command -> line(text, "  again: " + command));
    }
    NotRun.ofChecks(report)
        .forEach(notRun -> line(text, "not run: " + notRun.reason() + " (" + notRun.what() + ")"));
    for (String waiver : report.unusedWaivers()) {
      line(text, "the waiver of " + waiver + " is not needed any more");
    }
    line(text, report.summary());
    return text.toString();
  }

  static String counts(Report report, Level level) {
    return Arrays.stream(Status.values())
        .map(status -> report.count(level, status) + " " + status)
        .collect(Collectors.joining(", "));
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
