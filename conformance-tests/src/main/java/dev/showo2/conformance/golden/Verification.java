package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.golden.CaseOutcome.Status;
import dev.showo2.conformance.golden.pass.Subject;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/** Runs golden cases on a backend through the public SPI and says what became of each. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Verification {

  private final Bundle bundle;
  private final Backend backend;
  private final List<CaseRunner> runners;

  /**
   * @param bundle the one that the backend was opened on, exported from the goldens' checkpoint
   * @param backend stays open
   */
  public Verification(Bundle bundle, Backend backend) {
    this(bundle, backend, CaseRunners.ALL);
  }

  Verification(Bundle bundle, Backend backend, List<CaseRunner> runners) {
    this.bundle = bundle;
    this.backend = backend;
    this.runners = List.copyOf(runners);
  }

  /** Runs every case. */
  public Report run(GoldenSet goldens) {
    return run(goldens, golden -> true, outcome -> {});
  }

  /**
   * Runs the selected cases; the others do not appear in the report.
   *
   * @param listener is told of each outcome as soon as it is known
   */
  public Report run(
      GoldenSet goldens, Predicate<GoldenCase> selection, Consumer<CaseOutcome> listener) {
    List<CaseOutcome> outcomes = new ArrayList<>();
    try (Subject subject = new Subject(bundle, backend)) {
      for (GoldenCase golden : goldens.cases()) {
        if (selection.test(golden)) {
          CaseOutcome outcome = run(golden, subject);
          outcomes.add(outcome);
          listener.accept(outcome);
        }
      }
    }
    return new Report(outcomes);
  }

  // A vendor's backend may throw anything, a failed link or assertion included, and that must not
  // hide the other cases.
  private CaseOutcome run(GoldenCase golden, Subject subject) {
    Checks checks = new Checks();
    try {
      golden.requireIntact();
      Optional<CaseRunner> runner = runners.stream().filter(r -> r.handles(golden)).findFirst();
      if (runner.isEmpty()) {
        return CaseOutcome.notRun(
            golden,
            "this version of the kit has no runner for this kind of " + golden.stage() + " case");
      }
      Set<Stage> missing = missing(runner.get().needs(golden));
      if (!missing.isEmpty()) {
        return CaseOutcome.notRun(golden, "the backend lacks " + ids(missing));
      }
      runner.get().run(golden, subject, checks);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      return CaseOutcome.failed(golden, checks.comparisons(), describe(e));
    }
    return judge(golden, checks);
  }

  private static CaseOutcome judge(GoldenCase golden, Checks checks) {
    if (checks.comparisons().isEmpty()) {
      return CaseOutcome.failed(golden, List.of(), "nothing was compared");
    }
    Status status =
        checks.comparisons().stream().allMatch(Comparison::passed) ? Status.PASSED : Status.FAILED;
    return new CaseOutcome(
        golden.name(), golden.stage(), status, checks.comparisons(), checks.notes());
  }

  private Set<Stage> missing(Set<Stage> needed) {
    Set<Stage> missing = EnumSet.noneOf(Stage.class);
    missing.addAll(needed);
    missing.removeAll(backend.capabilities().stages());
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
