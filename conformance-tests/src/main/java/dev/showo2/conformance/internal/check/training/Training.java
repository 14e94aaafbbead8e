package dev.showo2.conformance.internal.check.training;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.LargestDifference;
import dev.showo2.conformance.internal.compare.LargestDifference.Scale;
import dev.showo2.conformance.internal.golden.pass.Trainer;
import dev.showo2.conformance.internal.golden.pass.WeightValues;
import dev.showo2.conformance.internal.training.RunComparison;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.train.TrainedPart;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The means of an experiment on a backend that trains.
 *
 * @param context of the check
 * @param trainer opens models
 * @param scene makes batches
 * @param checks collects comparisons
 */
record Training(CheckContext context, Trainer trainer, TrainingScene scene, Checks checks) {

  /** Weights of both losses that no stage has, so that neither can be taken for the other. */
  static final LossWeights BOTH = new LossWeights(0.5, 2);

  /** Leaves moments that are the gradients themselves. */
  static final AdamW BARE = new AdamW(0, 0, 1e-8, 0, Double.POSITIVE_INFINITY);

  static final List<ParameterGroup> ALL = List.of(new ParameterGroup("all", List.of(), List.of()));

  static final List<ParameterGroup> STAGE_TWO = TrainedPart.STAGE_TWO.groups();

  /** An experiment that trains. */
  interface Experiment {
    void run(Training training);
  }

  /** A check that does not run on a backend that does not train. */
  static Check check(Rule rule, String name, Experiment experiment) {
    return Check.of(
        rule,
        name,
        (context, checks) ->
            Trainer.run(
                context.trainer(),
                checks,
                trainer ->
                    experiment.run(
                        new Training(context, trainer, new TrainingScene(context), checks))));
  }

  /** Compares a figure of one step with what it should be. */
  void compareFigure(String name, double actual, double expected) {
    LargestDifference.of(
            name,
            Scale.RELATIVE,
            new double[] {actual},
            new double[] {expected},
            RunComparison.STEPS,
            i -> true,
            i -> "step 0")
        .addTo(checks);
  }

  /**
   * Opens a model.
   *
   * @param groups of which patterns that fit no weight of this model are left out
   */
  TrainableModel open(List<ParameterGroup> groups, AdamW optimizer) {
    boolean projects = context.bundle().architecture().projectsHidden();
    List<ParameterGroup> fitting =
        groups.stream()
            .map(
                group ->
                    new ParameterGroup(
                        group.name(),
                        group.including().stream()
                            .filter(
                                part ->
                                    projects
                                        || !List.of("diff_proj", "time_embed_proj").contains(part))
                            .toList(),
                        group.excluding()))
            .toList();
    return trainer.open(TrainingRequest.builder(fitting).optimizer(optimizer).build());
  }

  /** The gradients of a batch at the first weights, by the names of the weights. */
  Map<String, float[]> gradients(LossWeights weights, TrainingBatch... microBatches) {
    try (TrainableModel model = open(ALL, BARE)) {
      for (TrainingBatch batch : microBatches) {
        model.accumulate(batch, weights, microBatches.length);
      }
      model.update(List.of(0.0));
      return values(model, Slot.FIRST_MOMENT);
    }
  }

  /** A slot of all trained weights. */
  static Map<String, float[]> values(TrainableModel model, Slot slot) {
    Map<String, float[]> values = new TreeMap<>();
    for (Weight weight : model.weights()) {
      if (weight.trained()) {
        values.put(weight.name(), WeightValues.read(model, weight, slot));
      }
    }
    return values;
  }

  static double norm(Collection<float[]> gradients) {
    double squares = 0;
    for (float[] gradient : gradients) {
      for (float value : gradient) {
        squares += (double) value * value;
      }
    }
    return Math.sqrt(squares);
  }
}
