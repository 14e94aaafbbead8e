package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** Runs checks of one backend and gives the outcome of each. Not thread-safe. */
@API(status = API.Status.INTERNAL)
public final class CheckRunner {

  private final Precision precision;
  private final Diagnosis diagnosis;

  /**
   * @param precision by whose tolerances results are judged
   */
  public CheckRunner(Precision precision) {
    this.precision = precision;
    this.diagnosis = new Diagnosis(precision);
  }

  // A vendor's backend may throw anything, a failed link or assertion included, and that must not
  // hide the other checks.
  public Outcome run(Check check, String model, CheckContext context) {
    long start = System.nanoTime();
    Checks checks = new Checks(precision);
    try {
      Set<Stage> missing = missing(check, context);
      if (missing.isEmpty()) {
        check.experiment().run(context, checks);
      } else {
        checks.cannotRun("the backend lacks " + ids(missing));
      }
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      checks.advise();
      return outcome(check, model, Status.FAILED, checks.comparisons(), describe(e), since(start))
          .advised(checks.advice());
    }
    boolean passed = checks.comparisons().stream().allMatch(Comparison::passed);
    if (passed && checks.obstacle().isPresent()) {
      return outcome(
          check, model, Status.NOT_RUN, List.of(), checks.obstacle().get(), since(start));
    }
    if (checks.comparisons().isEmpty()) {
      // What was left out says why nothing remains; without a reason the check itself is wrong.
      return checks.notes().isEmpty()
          ? outcome(check, model, Status.FAILED, List.of(), "nothing was compared", since(start))
          : outcome(check, model, Status.NOT_RUN, List.of(), checks.notes(), since(start));
    }
    Duration time = since(start);
    String advice =
        passed
            ? ""
            : Stream.of(checks.advice(), diagnosis.of(check, context, checks))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining("; "));
    return outcome(
            check,
            model,
            passed ? Status.PASSED : Status.FAILED,
            checks.comparisons(),
            checks.notes(),
            time)
        .advised(advice);
  }

  private static Outcome outcome(
      Check check,
      String model,
      Status status,
      List<Comparison> figures,
      String reason,
      Duration time) {
    return new Outcome(check.rule(), model, check.name(), status, figures, reason, "", time);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static Set<Stage> missing(Check check, CheckContext context) {
    Set<Stage> missing = EnumSet.noneOf(Stage.class);
    missing.addAll(check.needs());
    missing.removeAll(context.backend().capabilities().stages());
    return missing;
  }

  private static String ids(Set<Stage> stages) {
    return stages.stream().map(Stage::id).collect(Collectors.joining(", "));
  }

  private static String describe(Throwable thrown) {
    String type = thrown.getClass().getSimpleName();
    return thrown.getMessage() == null ? type : type + ": " + thrown.getMessage();
  }
}
