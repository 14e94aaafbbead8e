package dev.showo2.conformance.internal.training;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.LargestDifference;
import dev.showo2.conformance.internal.compare.LargestDifference.Scale;
import dev.showo2.conformance.internal.golden.pass.Trainer;
import dev.showo2.conformance.internal.training.RunTensors.Figures;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.apiguardian.api.API;

/**
 * Compares a replayed run with the recorded one. In 32-bit and 64-bit floats the official code
 * agrees with itself to 1e-6 in losses and norms, 1e-3 in changes and 1e-4 in values (measured on
 * the recorded runs); a correct implementation is within ten times, twice and twice that.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class RunComparison {

  /** Of losses, norms and rates, relative. */
  public static final double STEPS = 1e-5;

  /** Of the norm of a parameter's change, relative. */
  public static final double CHANGES = 2e-3;

  /** Of single values, which are about 1. */
  public static final double VALUES = 2e-4;

  /** A run may differ in all names; nobody reads more than some. */
  private static final int MOST_NAMES = 3;

  private final RecordedRun run;
  private final Checks checks;

  private RunComparison(RecordedRun run, Checks checks) {
    this.run = run;
    this.checks = checks;
  }

  /**
   * Replays a run and compares each figure with that of the official code in fp32; the distance to
   * its figures in fp64 is noted.
   *
   * @throws dev.showo2.error.InvalidModelException if the run's file is malformed, or the run is of
   *     another checkpoint
   */
  public static void compare(RecordedRun run, Trainer trainer, Checks checks) {
    try (RunTensors tensors = RunTensors.open(run)) {
      Figures expected = tensors.figures("fp32");
      Optional<Figures> finer =
          tensors.has("fp64") ? Optional.of(tensors.figures("fp64")) : Optional.empty();
      RunReplay.Replayed replayed = new RunReplay(run, trainer).run(tensors);
      RunComparison comparison = new RunComparison(run, checks);
      comparison.add(replayed.figures(), expected);
      comparison.require("trained parameters", "not trained", replayed.lacking());
      comparison.require("other weights", "trained as well", replayed.superfluous());
      comparison.require(
          run.notTrained().size() + " weights not trained", "changed", replayed.changed());
      finer.ifPresent(
          figures ->
              checks.note("from fp64: " + comparison.distances(replayed.figures(), figures)));
    }
  }

  private void add(Figures actual, Figures expected) {
    differences(actual, expected).forEach(each -> each.addTo(checks));
  }

  private String distances(Figures actual, Figures finer) {
    StringBuilder text = new StringBuilder();
    for (LargestDifference difference : differences(actual, finer)) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(String.format(Locale.ROOT, "%s %.1e", difference.name(), difference.largest()));
    }
    return text.toString();
  }

  private List<LargestDifference> differences(Figures actual, Figures expected) {
    int groups = run.rates().size();
    List<String> parameters = run.parameters();
    IntPredicate judged = i -> !run.noTrueGradient().contains(parameters.get(i));
    IntFunction<String> step = i -> "step " + i;
    return List.of(
        LargestDifference.of(
            "loss_ntp",
            Scale.RELATIVE,
            actual.lossNtp(),
            expected.lossNtp(),
            STEPS,
            i -> true,
            step),
        LargestDifference.of(
            "loss_flow",
            Scale.RELATIVE,
            actual.lossFlow(),
            expected.lossFlow(),
            STEPS,
            i -> true,
            step),
        LargestDifference.of(
            "grad_norm",
            Scale.RELATIVE,
            actual.gradNorm(),
            expected.gradNorm(),
            STEPS,
            i -> true,
            step),
        LargestDifference.of(
            "lr",
            Scale.RELATIVE,
            actual.rates(),
            expected.rates(),
            STEPS,
            i -> true,
            i -> "step " + i / groups + " of group " + i % groups),
        LargestDifference.of(
            "change_norm",
            Scale.RELATIVE,
            actual.changeNorms(),
            expected.changeNorms(),
            CHANGES,
            judged,
            parameters::get),
        LargestDifference.of(
            "sample",
            Scale.ABSOLUTE,
            actual.samples(),
            expected.samples(),
            VALUES,
            i -> judged.test(i / RunTensors.SAMPLES),
            i -> parameters.get(i / RunTensors.SAMPLES)));
  }

  private void require(String name, String what, Set<String> wrong) {
    String some = String.join(", ", wrong.stream().limit(MOST_NAMES).toList());
    int more = wrong.size() - MOST_NAMES;
    checks.require(
        name, wrong.isEmpty(), what + ": " + some + (more > 0 ? " and " + more + " more" : ""));
  }
}
