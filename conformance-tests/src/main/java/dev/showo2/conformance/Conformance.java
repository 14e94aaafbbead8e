package dev.showo2.conformance;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.run.AllChecks;
import dev.showo2.conformance.internal.check.run.CheckRunner;
import dev.showo2.conformance.internal.check.run.GoldenChecks;
import dev.showo2.conformance.report.Environment;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.conformance.report.Status;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * One run of the kit over one backend: all rules, on the checkpoints that the kit carries.
 *
 * <p>Both entries, {@link ConformanceTest} and the command line, run the checks of {@link #plan()}
 * and end with {@link #report()}. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Conformance implements AutoCloseable {

  private final Target target;
  private final Waivers waivers;
  private final CheckRunner runner;
  private final Optional<String> obstacle;
  private final FixtureModels models = new FixtureModels();
  private final StageClock clock = new StageClock();
  private final Environment environment;
  private final Map<String, OpenModel> open = new HashMap<>();
  private final Map<String, Outcome> unopened = new HashMap<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private List<PlannedCheck> plan = List.of();

  /**
   * @param target what to test; if it cannot run here, every check is reported as not run
   * @param waivers failures that are accepted
   */
  public Conformance(Target target, Waivers waivers) {
    this.target = target;
    this.waivers = waivers;
    this.runner = new CheckRunner(target.judging(FixtureModels.PRECISIONS));
    this.environment = target.environment(FixtureModels.PRECISIONS);
    this.obstacle = target.obstacle();
  }

  /** {@return all checks, ordered by rule, then by model} */
  public List<PlannedCheck> plan() {
    if (plan.isEmpty()) {
      plan = planned();
    }
    return plan;
  }

  private List<PlannedCheck> planned() {
    List<PlannedCheck> plan = new ArrayList<>();
    for (String model : FixtureModels.TINY) {
      addGoldens(model, plan);
      AllChecks.ofStages().forEach(check -> plan.add(new PlannedCheck(model, check)));
      plan.addAll(Verification.planTraining(models.path("training/" + model)));
    }
    addGoldens(FixtureModels.DEMO, plan);
    Stream.concat(AllChecks.ofPipelinesAndContract().stream(), AllChecks.ofTraining().stream())
        .forEach(check -> plan.add(new PlannedCheck(FixtureModels.TINY.get(0), check)));
    plan.sort(Comparator.comparing(PlannedCheck::rule));
    return List.copyOf(plan);
  }

  private void addGoldens(String model, List<PlannedCheck> plan) {
    for (Check check : GoldenChecks.of(models.goldens(model))) {
      plan.add(new PlannedCheck(model, check));
    }
  }

  /**
   * Runs one check.
   *
   * @param planned one of {@link #plan}
   * @return the outcome
   */
  public Outcome run(PlannedCheck planned) {
    Outcome outcome = waivers.apply(outcome(planned));
    outcomes.add(outcome);
    return outcome;
  }

  private Outcome outcome(PlannedCheck planned) {
    if (obstacle.isPresent()) {
      return ended(planned, Status.NOT_RUN, obstacle.get());
    }
    Outcome failure = unopened.get(planned.model());
    if (failure != null) {
      return ended(planned, failure.status(), failure.reason());
    }
    OpenModel model = open.get(planned.model());
    if (model == null) {
      Bundle bundle = models.bundle(planned.model());
      try {
        model = OpenModel.open(planned.model(), target, bundle, clock);
      } catch (UnsupportedFeatureException e) {
        return refused(planned, e);
      } catch (RuntimeException | LinkageError | AssertionError e) {
        return unopened(ended(planned, Status.FAILED, "the backend does not open: " + e));
      }
      open.put(planned.model(), model);
    }
    return model.run(planned.check(), runner);
  }

  /** A backend that opens nothing with what was asked for cannot be tested so; else it fails. */
  private Outcome refused(PlannedCheck planned, UnsupportedFeatureException refusal) {
    boolean asked = open.isEmpty() && !target.config().equals(BackendConfig.defaults());
    return unopened(
        ended(
            planned, asked ? Status.NOT_RUN : Status.FAILED, String.valueOf(refusal.getMessage())));
  }

  /** It is not tried again for each check. */
  private Outcome unopened(Outcome outcome) {
    unopened.put(outcome.model(), outcome);
    return outcome;
  }

  private static Outcome ended(PlannedCheck planned, Status status, String reason) {
    return new Outcome(
        planned.rule(),
        planned.model(),
        planned.check().name(),
        status,
        List.of(),
        reason,
        "",
        Duration.ZERO);
  }

  /**
   * Runs the chosen checks.
   *
   * @param selection chooses checks
   * @param listener called with each outcome as soon as it is known
   * @return the outcome
   */
  public Report run(Predicate<PlannedCheck> selection, Consumer<Outcome> listener) {
    return run(plan().stream().filter(selection).toList(), listener);
  }

  /**
   * Runs checks of {@link #plan()}.
   *
   * @param chosen checks of the plan
   * @param listener called with each outcome as soon as it is known
   * @return the outcome
   */
  public Report run(List<PlannedCheck> chosen, Consumer<Outcome> listener) {
    for (PlannedCheck planned : chosen) {
      listener.accept(run(planned));
    }
    return report();
  }

  /** {@return the report of the checks that were run so far} */
  public Report report() {
    Report report = new Report(environment, outcomes, clock.times(), waivers.unused(outcomes));
    return outcomes.size() < plan().size() ? report.partial() : report;
  }

  /** Closes the backend on all models, whatever one of them throws, and deletes the models. */
  @Override
  public void close() {
    closeAll(List.copyOf(open.values()).iterator());
    open.clear();
  }

  private void closeAll(Iterator<OpenModel> opened) {
    if (!opened.hasNext()) {
      models.close();
      return;
    }
    OpenModel model = opened.next();
    try (model) {
      closeAll(opened);
    }
  }
}
