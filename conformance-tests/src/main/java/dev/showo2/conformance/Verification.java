package dev.showo2.conformance;

import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.internal.check.run.CheckRunner;
import dev.showo2.conformance.internal.check.run.GoldenChecks;
import dev.showo2.conformance.internal.check.training.RecordedTraining;
import dev.showo2.conformance.internal.golden.pass.Trainer;
import dev.showo2.conformance.internal.training.RunFolder;
import dev.showo2.conformance.report.Environment;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.model.Bundle;
import dev.showo2.model.StagePrecisions;
import java.nio.file.Path;
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
   * @param target what to verify; where it names no precision, the least exact one of the bundle's
   *     stages says what is tolerated
   * @param bundle exported from the checkpoint that the goldens were computed with, in any
   *     precision
   */
  public Verification(Target target, Bundle bundle) {
    this.target = target;
    this.bundle = bundle;
  }

  /**
   * Runs every case.
   *
   * @param goldens the cases
   * @return the report
   */
  public Report run(GoldenSet goldens) {
    return run(goldens, golden -> true, outcome -> {});
  }

  /**
   * Runs the selected cases; the others do not appear in the report.
   *
   * @param goldens the cases
   * @param selection chooses cases
   * @param listener called with each outcome as soon as it is known
   * @return the report
   */
  public Report run(
      GoldenSet goldens, Predicate<GoldenCase> selection, Consumer<Outcome> listener) {
    return run(plan(goldens, selection), listener);
  }

  /**
   * {@return the selected cases as checks, in their order; nothing is opened}
   *
   * @param goldens the cases
   * @param selection chooses cases
   */
  public static List<PlannedCheck> plan(GoldenSet goldens, Predicate<GoldenCase> selection) {
    return goldens.cases().stream()
        .filter(selection)
        .map(golden -> new PlannedCheck(goldens.checkpoint(), GoldenChecks.of(golden)))
        .toList();
  }

  /**
   * {@return recorded training as checks: one for each run, then one for each kind of row; nothing
   * is opened}
   *
   * @param folder with {@code runs.json} and the files that it names, {@code rows.json}, or both
   * @throws dev.showo2.error.InvalidModelException if there is neither, or one is malformed
   */
  public static List<PlannedCheck> planTraining(Path folder) {
    RunFolder recorded = RunFolder.open(folder);
    return RecordedTraining.of(recorded).stream()
        .map(check -> new PlannedCheck(recorded.name(), check))
        .toList();
  }

  /**
   * {@return whether a backend can be trained, so that recorded runs can be replayed on it}
   *
   * @param backend id of the backend
   */
  public static boolean trains(String backend) {
    return Trainer.provider(backend).isPresent();
  }

  /**
   * Opens the backend, runs checks of a {@link #plan} or {@link #planTraining} and closes it.
   *
   * @param chosen checks of the plan
   * @param listener called with each outcome as soon as it is known
   * @return the report
   */
  public Report run(List<PlannedCheck> chosen, Consumer<Outcome> listener) {
    StagePrecisions precisions = bundle.manifest().precision();
    Environment environment = target.environment(precisions);
    List<Outcome> outcomes = new ArrayList<>();
    CheckRunner runner = new CheckRunner(target.judging(precisions));
    StageClock clock = new StageClock();
    String name = chosen.isEmpty() ? "" : chosen.get(0).model();
    try (OpenModel model = OpenModel.open(name, target, bundle, clock)) {
      for (PlannedCheck planned : chosen) {
        Outcome outcome = model.run(planned.check(), runner);
        outcomes.add(outcome);
        listener.accept(outcome);
      }
    }
    return new Report(environment, outcomes, clock.times(), List.of()).partial();
  }
}
