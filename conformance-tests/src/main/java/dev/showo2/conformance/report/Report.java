package dev.showo2.conformance.report;

import dev.showo2.conformance.rules.Chapter;
import dev.showo2.conformance.rules.Level;
import dev.showo2.conformance.rules.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The outcomes of one run.
 *
 * @param outcomes in the order in which the checks ran
 * @param times of the stages of the backend, those that were used
 * @param unusedWaivers what was waived and did not fail
 * @param rerun how a check is run again, if whoever started the run says so
 * @param whole whether all checks of the kit are among the outcomes
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Report(
    Environment environment,
    List<Outcome> outcomes,
    List<StageTime> times,
    List<String> unusedWaivers,
    Optional<Rerun> rerun,
    boolean whole) {

  private static final Set<Chapter> OF_STAGES =
      EnumSet.of(Chapter.V, Chapter.F, Chapter.B, Chapter.L, Chapter.H);

  /**
   * Copies the collections, so that changes to them afterwards have no effect.
   *
   * @param outcomes in the order in which the checks ran
   * @param times of the stages of the backend, those that were used
   * @param unusedWaivers what was waived and did not fail
   * @param rerun how a check is run again, if whoever started the run says so
   * @param whole whether all checks of the kit are among the outcomes
   * @param environment the machine and the backend
   */
  public Report {
    outcomes = List.copyOf(outcomes);
    times = List.copyOf(times);
    unusedWaivers = List.copyOf(unusedWaivers);
  }

  /**
   * A whole run of which nobody says how its checks are run again.
   *
   * @param environment the machine and the backend
   * @param outcomes of the checks that were run
   * @param times of the stages
   * @param unusedWaivers waivers that no check needed
   */
  public Report(
      Environment environment,
      List<Outcome> outcomes,
      List<StageTime> times,
      List<String> unusedWaivers) {
    this(environment, outcomes, times, unusedWaivers, Optional.empty(), true);
  }

  /**
   * {@return the same, with the command that runs one check again}
   *
   * @param command the command that runs one check
   */
  public Report with(Rerun command) {
    return new Report(environment, outcomes, times, unusedWaivers, Optional.of(command), whole);
  }

  /** {@return the same, as a run of some checks only, which proves nothing of the others} */
  public Report partial() {
    return new Report(environment, outcomes, times, unusedWaivers, rerun, false);
  }

  /**
   * {@return the checks with this status, in their order}
   *
   * @param status of the checks that count
   */
  public List<Outcome> outcomes(Status status) {
    return outcomes.stream().filter(outcome -> outcome.status() == status).toList();
  }

  /**
   * {@return the command that runs one check again, if it is known}
   *
   * @param outcome of a check of this report
   */
  public Optional<String> rerun(Outcome outcome) {
    return rerun.map(command -> command.of(outcome.id()));
  }

  /** {@return every rule of the book with its result} */
  public List<RuleResult> rules() {
    return Arrays.stream(Rule.values()).map(this::of).toList();
  }

  private RuleResult of(Rule rule) {
    return new RuleResult(
        rule, outcomes.stream().filter(outcome -> outcome.rule() == rule).toList());
  }

  /**
   * Counts checks.
   *
   * @param status of the checks that count
   * @return how many checks ended so
   */
  public int count(Status status) {
    return outcomes(status).size();
  }

  /**
   * {@return how many rules of a level ended so}
   *
   * @param level of the rules that count
   * @param status of the checks that count
   */
  public int count(Level level, Status status) {
    return (int)
        rules().stream()
            .filter(result -> result.rule().level() == level && result.status() == status)
            .count();
  }

  /** {@return whether something ran and nothing failed: what did not run proves nothing} */
  public boolean successful() {
    return count(Status.PASSED) > 0 && count(Status.FAILED) == 0;
  }

  /**
   * {@return whether every rule that a backend must keep was tested where that is possible, by all
   * of its checks, and held}
   */
  public boolean conformant() {
    return whole
        && successful()
        && rules().stream()
            .filter(result -> result.rule().level() == Level.MUST)
            .filter(result -> result.rule().untestable().isEmpty())
            .allMatch(
                result -> result.status() == Status.PASSED && result.count(Status.NOT_RUN) == 0);
  }

  /**
   * {@return the stages that do not compute what they should; the rest may fail only because of
   * them}
   */
  public List<String> failedStages() {
    return OF_STAGES.stream()
        .filter(
            chapter ->
                outcomes.stream()
                    .anyMatch(
                        outcome ->
                            outcome.status() == Status.FAILED
                                && outcome.rule().chapter() == chapter))
        .map(Chapter::title)
        .toList();
  }

  /** {@return the counts of checks, such as {@code 31 passed, 0 failed, 0 waived, 4 not run}} */
  public String summary() {
    StringBuilder text = new StringBuilder();
    for (Status status : Status.values()) {
      text.append(text.isEmpty() ? "" : ", ").append(count(status)).append(' ').append(status);
    }
    if (!failedStages().isEmpty()) {
      text.append("; wrong: ").append(String.join(", ", failedStages()));
    }
    return text.toString();
  }

  /**
   * Writes what people need to know at the end of a run; the last line is {@link #summary()}.
   *
   * @param out receives the text
   */
  public void printSummary(Appendable out) {
    try {
      out.append(Summary.of(this));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A report in a few lines. */
  private static final class Summary {

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
          .forEach(
              notRun -> line(text, "not run: " + notRun.reason() + " (" + notRun.what() + ")"));
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
}
