package dev.showo2.conformance.report;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.compare.Measurement;
import dev.showo2.conformance.rules.Level;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report for people: what failed and how to see it again first, what proves nothing after it. */
final class MarkdownReport {

  private final Report report;
  private final MarkdownText text = new MarkdownText();

  private MarkdownReport(Report report) {
    this.report = report;
  }

  static String text(Report report) {
    return new MarkdownReport(report).text();
  }

  private String text() {
    Environment environment = report.environment();
    text.line(
        "# Conformance of "
            + MarkdownText.inline(environment.backend())
            + " on "
            + MarkdownText.inline(environment.config().device().toString()));
    text.line(
        (report.conformant() ? "**Conformant**" : "**Not shown to be conformant**")
            + " in "
            + environment.precision().id()
            + "."
            + " Checks: "
            + report.summary()
            + ".");
    levels();
    failures();
    notRun();
    waivers();
    rules();
    checks();
    stages();
    environment();
    return text.toString();
  }

  private void levels() {
    text.table("rules", "passed", "failed", "waived", "not run");
    for (Level level : Level.values()) {
      String[] row = new String[Status.values().length + 1];
      row[0] = level.name();
      for (Status status : Status.values()) {
        row[status.ordinal() + 1] = String.valueOf(report.count(level, status));
      }
      text.row(row);
    }
  }

  private void failures() {
    List<Outcome> failed = report.outcomes(Status.FAILED);
    if (failed.isEmpty()) {
      return;
    }
    text.line("## Failed");
    for (Outcome outcome : failed) {
      text.line("### " + MarkdownText.inline(outcome.id()));
      text.line(outcome.rule().level() + ": " + MarkdownText.inline(outcome.rule().sentence()));
      for (String part : List.of(outcome.reason(), outcome.advice())) {
        if (!part.isEmpty()) {
          text.line(MarkdownText.inline(part));
        }
      }
      figures(outcome);
      report
          .rerun(outcome)
          .ifPresent(command -> text.line("Again:").line(MarkdownText.code(command)));
    }
  }

  private void figures(Outcome outcome) {
    if (outcome.figures().isEmpty()) {
      return;
    }
    text.table(
        "tensor",
        "max abs",
        "allowed",
        "max rel",
        "mean abs",
        "cosine",
        "PSNR",
        "equal",
        "first bad",
        "problem");
    for (Comparison figure : outcome.figures()) {
      text.row(Figures.cells(figure));
    }
  }

  private void waivers() {
    List<Outcome> waived = report.outcomes(Status.WAIVED);
    if (!waived.isEmpty()) {
      text.line("## Waived").table("check", "reason");
      waived.forEach(outcome -> text.row(outcome.id(), outcome.reason()));
    }
    if (!report.unusedWaivers().isEmpty()) {
      text.line("## Waivers that are not needed any more").table("waiver");
      report.unusedWaivers().forEach(text::row);
    }
  }

  private void notRun() {
    List<NotRun> reasons = NotRun.of(report);
    if (!reasons.isEmpty()) {
      text.line("## Not run").line("These prove nothing.").table("reason", "rules and checks");
      reasons.forEach(notRun -> text.row(notRun.reason(), notRun.what()));
    }
  }

  private void rules() {
    text.line("## Rules");
    text.table("rule", "level", "status", "passed", "of", "what it says");
    for (RuleResult result : report.rules()) {
      text.row(
          result.rule().id(),
          result.rule().level().name(),
          shown(result.status()),
          String.valueOf(result.count(Status.PASSED)),
          String.valueOf(result.outcomes().size()),
          result.rule().sentence());
    }
  }

  private void checks() {
    if (report.outcomes().isEmpty()) {
      return;
    }
    text.line("## Checks").table("check", "status", "time", "figures");
    for (Outcome outcome : report.outcomes()) {
      text.row(outcome.id(), shown(outcome.status()), time(outcome.time()), Figures.line(outcome));
    }
  }

  /** Results that are not passed are marked in a column of passed ones. */
  private static String shown(Status status) {
    return status == Status.PASSED ? status.toString() : status.toString().toUpperCase(Locale.ROOT);
  }

  private void stages() {
    if (report.times().isEmpty()) {
      return;
    }
    text.line("## Time in stages").table("stage", "calls", "time");
    for (StageTime time : report.times()) {
      text.row(time.stage().id(), String.valueOf(time.calls()), time(time.time()));
    }
  }

  private static String time(Duration time) {
    return String.format(Locale.ROOT, "%.3f s", time.toNanos() / 1e9);
  }

  private void environment() {
    Environment environment = report.environment();
    text.line("## Environment").table("what", "is");
    text.row("backend", environment.backend());
    text.row("engine", environment.info().name() + " " + environment.info().version());
    text.row("opened with", environment.config().toString());
    text.row("judged in", environment.precision().id());
    text.row("stages of the bundle", environment.bundle().toString());
    text.row("SDK", environment.sdk());
    text.row("Java", environment.java());
    text.row("system", environment.system());
    text.row("start (UTC)", environment.start().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** Comparisons in the cells of tables. */
  private static final class Figures {

    private Figures() {}

    /** Tensor, max abs, allowed, max rel, mean abs, cosine, PSNR, equal, first bad, problem. */
    static String[] cells(Comparison comparison) {
      String[] cells = new String[10];
      cells[0] = comparison.tensor();
      if (comparison.measurement().isPresent()) {
        Measurement measured = comparison.measurement().get();
        cells[1] = format("%.2e", measured.maxAbs());
        cells[2] = format("%.2e", comparison.allowed());
        cells[3] = format("%.2e", measured.maxRel());
        cells[4] = format("%.2e", measured.meanAbs());
        cells[5] = format("%.6f", measured.cosine());
        cells[6] = format("%.1f dB", measured.psnr());
        cells[7] = equal(measured);
      }
      cells[8] = comparison.firstBad().map(Comparison.BadValue::toString).orElse("");
      cells[9] = comparison.problem().orElse("");
      return cells;
    }

    /** All figures of a check, in short. */
    static String line(Outcome outcome) {
      return outcome.figures().stream().map(Figures::line).collect(Collectors.joining("; "));
    }

    /** Ids and the like are counted, other values measured. */
    private static String line(Comparison comparison) {
      boolean counted = comparison.allowed() == 0 && comparison.measurement().isPresent();
      return counted
          ? comparison.tensor() + " " + equal(comparison.measurement().get()) + " equal"
          : comparison.toString();
    }

    private static String equal(Measurement measured) {
      return measured.equal() + " of " + measured.count();
    }

    private static String format(String format, double value) {
      return String.format(Locale.ROOT, format, value);
    }
  }
}
