package dev.showo2.conformance.internal.training;

import dev.showo2.conformance.internal.golden.pass.Trainer;
import dev.showo2.conformance.internal.golden.pass.WeightValues;
import dev.showo2.error.InvalidModelException;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import dev.showo2.train.spi.TrainingRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Replays a recorded run on a backend: the same micro-batches, settings and number of updates. */
final class RunReplay {

  private final RecordedRun run;
  private final Trainer trainer;

  RunReplay(RecordedRun run, Trainer trainer) {
    this.run = run;
    this.trainer = trainer;
  }

  /**
   * A replayed run.
   *
   * @param figures as recorded ones
   * @param lacking recorded parameters that the backend did not train
   * @param superfluous weights that it trained and the official code did not
   * @param changed weights that were not to be trained and are other bits now
   */
  record Replayed(
      RunTensors.Figures figures,
      Set<String> lacking,
      Set<String> superfluous,
      Set<String> changed) {}

  /**
   * Replays the run.
   *
   * @throws InvalidModelException if its file is not as {@code runs.json} says, or the checkpoint
   *     is another one
   */
  Replayed run(RunTensors tensors) {
    if (run.parameters().stream().anyMatch(run.notTrained()::contains)) {
      throw new InvalidModelException(
          "run '" + run.name() + "': a name is in parameters and in not_trained");
    }
    // A run of a stage may freeze a whole group, and a pattern has to fit a weight.
    List<Integer> kept = new ArrayList<>();
    List<ParameterGroup> groups = new ArrayList<>();
    for (int i = 0; i < run.groups().size(); i++) {
      ParameterGroup group = fitting(run.groups().get(i));
      if (run.parameters().stream().anyMatch(group::contains)) {
        kept.add(i);
        groups.add(group);
      }
    }
    if (groups.isEmpty()) {
      throw new InvalidModelException("run '" + run.name() + "' trains no parameter");
    }
    TrainingRequest request = TrainingRequest.builder(groups).optimizer(run.optimizer()).build();
    try (TrainableModel model = trainer.open(request)) {
      return replay(model, tensors, kept);
    }
  }

  private ParameterGroup fitting(ParameterGroup group) {
    return new ParameterGroup(group.name(), fitting(group.including()), fitting(group.excluding()));
  }

  private List<String> fitting(List<String> patterns) {
    return patterns.stream()
        .filter(
            pattern ->
                run.parameters().stream().anyMatch(name -> name.contains(pattern))
                    || run.notTrained().stream().anyMatch(name -> name.contains(pattern)))
        .toList();
  }

  private Replayed replay(TrainableModel model, RunTensors tensors, List<Integer> groups) {
    Map<String, Weight> weights = new TreeMap<>();
    model.weights().forEach(weight -> weights.put(weight.name(), weight));
    requireSameModel(weights.keySet());
    Set<String> official = new HashSet<>(run.parameters());
    Map<String, Long> before = checksums(model, official);
    Map<String, float[]> start = new HashMap<>();
    for (String name : run.parameters()) {
      start.put(name, WeightValues.read(model, weights.get(name), Slot.WEIGHT));
    }
    StepFigures steps = steps(model, tensors, groups);
    Map<String, Long> after = checksums(model, official);
    Set<String> changed = new TreeSet<>(after.keySet());
    changed.removeIf(name -> after.get(name).equals(before.get(name)));
    int parameters = run.parameters().size();
    double[] changes = new double[parameters];
    double[] samples = new double[parameters * RunTensors.SAMPLES];
    Set<String> lacking = new TreeSet<>();
    for (int i = 0; i < parameters; i++) {
      Weight weight = weights.get(run.parameters().get(i));
      float[] end = WeightValues.read(model, weight, Slot.WEIGHT);
      changes[i] = distance(start.get(weight.name()), end);
      sample(end, samples, i * RunTensors.SAMPLES);
      if (!weight.trained()) {
        lacking.add(weight.name());
      }
    }
    Set<String> superfluous = new TreeSet<>();
    weights.values().stream()
        .filter(weight -> weight.trained() && !official.contains(weight.name()))
        .forEach(weight -> superfluous.add(weight.name()));
    return new Replayed(
        new RunTensors.Figures(
            "replayed", steps.ntp, steps.flow, steps.norm, steps.rates, changes, samples),
        lacking,
        superfluous,
        changed);
  }

  private void requireSameModel(Set<String> weights) {
    Set<String> unknown = new TreeSet<>(run.parameters());
    unknown.addAll(run.notTrained());
    unknown.removeAll(weights);
    if (!unknown.isEmpty()) {
      throw new InvalidModelException(
          "run '"
              + run.name()
              + "' was recorded with another checkpoint: this one has no "
              + String.join(", ", unknown.stream().limit(3).toList())
              + (unknown.size() > 3 ? " and " + (unknown.size() - 3) + " more" : ""));
    }
  }

  private record StepFigures(double[] ntp, double[] flow, double[] norm, double[] rates) {}

  private StepFigures steps(TrainableModel model, RunTensors tensors, List<Integer> groups) {
    int all = run.rates().size();
    StepFigures figures =
        new StepFigures(
            new double[run.steps()],
            new double[run.steps()],
            new double[run.steps()],
            new double[run.steps() * all]);
    for (int step = 0; step < run.steps(); step++) {
      for (int micro = 0; micro < run.accumulate(); micro++) {
        TrainingBatch batch =
            tensors.batch((int) (((long) step * run.accumulate() + micro) % run.batches()));
        TrainingLosses losses = model.accumulate(batch, run.lossWeights(), run.accumulate());
        figures.ntp[step] += losses.nextToken() / run.accumulate();
        figures.flow[step] += losses.flow() / run.accumulate();
      }
      double factor = run.schedule().factor(step);
      for (int group = 0; group < all; group++) {
        figures.rates[step * all + group] = run.rates().get(group) * factor;
      }
      List<Double> rates = groups.stream().map(group -> run.rates().get(group) * factor).toList();
      figures.norm[step] = model.update(rates);
    }
    return figures;
  }

  /** Those of weights that the official code does not train. */
  private static Map<String, Long> checksums(TrainableModel model, Set<String> trained) {
    Map<String, Long> sums = new TreeMap<>();
    List<Weight> others =
        model.weights().stream().filter(weight -> !trained.contains(weight.name())).toList();
    List<Long> values = WeightValues.checksums(model, weight -> !trained.contains(weight.name()));
    for (int i = 0; i < others.size(); i++) {
      sums.put(others.get(i).name(), values.get(i));
    }
    return sums;
  }

  private static double distance(float[] start, float[] end) {
    double sum = 0;
    for (int i = 0; i < end.length; i++) {
      double difference = (double) end[i] - start[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  /** Values at indices linspace(0, n − 1, 16), half to even. */
  private static void sample(float[] values, double[] target, int from) {
    int intervals = RunTensors.SAMPLES - 1;
    for (int i = 0; i < RunTensors.SAMPLES; i++) {
      double place = (values.length - 1.0) * i / intervals;
      target[from + i] = values[(int) Math.rint(place)];
    }
  }
}
