package dev.showo2.conformance;

import dev.showo2.conformance.check.CheckRunner;
import dev.showo2.conformance.check.GoldenChecks;
import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.model.Bundle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apiguardian.api.API;

/**
 * Runs the cases of a folder on a backend through the public SPI and says what became of each: the
 * way to check any checkpoint, at any size.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Verification {

  private final Target target;
  private final Bundle bundle;

  /**
   * @param target what to verify
   * @param bundle exported from the checkpoint that the goldens were computed with
   */
  public Verification(Target target, Bundle bundle) {
    this.target = target;
    this.bundle = bundle;
  }

  /** Runs every case. */
  public Report run(GoldenSet goldens) {
    return run(goldens, golden -> true, outcome -> {});
  }

  /**
   * Opens the backend, runs the selected cases and closes it; the others do not appear in the
   * report.
   *
   * @param listener is told of each outcome as soon as it is known
   */
  public Report run(
      GoldenSet goldens, Predicate<GoldenCase> selection, Consumer<Outcome> listener) {
    List<Outcome> outcomes = new ArrayList<>();
    CheckRunner runner = new CheckRunner(target.precision());
    StageClock clock = new StageClock();
    try (OpenModel model = OpenModel.open(goldens.checkpoint(), target, bundle, clock)) {
      for (GoldenCase golden : goldens.cases()) {
        if (selection.test(golden)) {
          Outcome outcome = model.run(GoldenChecks.of(golden), runner);
          outcomes.add(outcome);
          listener.accept(outcome);
        }
      }
    }
    return new Report(target.environment(), outcomes, clock.times(), List.of());
  }
}
