package dev.showo2.conformance.internal.check.training;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.LargestDifference;
import dev.showo2.conformance.internal.compare.LargestDifference.Scale;
import dev.showo2.conformance.internal.golden.pass.WeightValues;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Architecture;
import dev.showo2.train.TrainedPart;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.DistillationBatch;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import dev.showo2.train.spi.TrainingBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The optimizer, compared with torch's AdamW in 64-bit floats. */
final class OptimizerChecks {

  /** Of weights of about 1: their rounding. */
  private static final double ROUNDING = 2e-6;

  private static final double RATE = 0.01;

  private OptimizerChecks() {}

  static List<Check> all() {
    return List.of(
        Training.check(Rule.T08, "epsilon", t -> twoUpdates(t, adam(1e-3, 0, 1))),
        Training.check(Rule.T09, "decay", t -> twoUpdates(t, adam(1e-3, 0.1, 1))),
        Training.check(Rule.T09, "zero gradient", OptimizerChecks::zeroGradient),
        Training.check(Rule.T09, "no gradient", OptimizerChecks::noGradient),
        Training.check(Rule.T10, "clipping", OptimizerChecks::clipping),
        Training.check(Rule.T11, "stage two", OptimizerChecks::stageTwo));
  }

  private static AdamW adam(double epsilon, double decay, double maxNorm) {
    return new AdamW(0.9, 0.99, epsilon, decay, maxNorm);
  }

  /** The second update has its gradients from the first moments, and all else from the formula. */
  private static void twoUpdates(Training training, AdamW adam) {
    TrainingBatch batch = training.scene().mixed();
    Map<String, float[]> gradients = training.gradients(Training.BOTH, batch);
    double norm = Training.norm(gradients.values());
    double clip = Math.min(1, adam.maxNorm() / (norm + 1e-6));
    try (TrainableModel model = training.open(Training.ALL, adam)) {
      Map<String, float[]> start = Training.values(model, Slot.WEIGHT);
      model.accumulate(batch, Training.BOTH, 1);
      model.update(List.of(RATE));
      Map<String, float[]> first = Training.values(model, Slot.WEIGHT);
      Map<String, float[]> firstMoments = Training.values(model, Slot.FIRST_MOMENT);
      Deviation weights = new Deviation("weights after one update");
      for (String name : start.keySet()) {
        float[] gradient = gradients.get(name);
        for (int i = 0; i < gradient.length; i++) {
          double g = gradient[i] * clip;
          double m = (1 - adam.beta1()) * g;
          double v = (1 - adam.beta2()) * g * g;
          weights.add(name, first.get(name)[i], updated(adam, start.get(name)[i], m, v, 1));
        }
      }
      weights.addTo(training);
      model.accumulate(batch, Training.BOTH, 1);
      model.update(List.of(RATE));
      Map<String, float[]> second = Training.values(model, Slot.WEIGHT);
      Map<String, float[]> moments = Training.values(model, Slot.FIRST_MOMENT);
      Deviation next = new Deviation("weights after two updates");
      for (String name : start.keySet()) {
        for (int i = 0; i < second.get(name).length; i++) {
          double m = moments.get(name)[i];
          double oldGradient = firstMoments.get(name)[i] / (1 - adam.beta1());
          double gradient = (m - adam.beta1() * firstMoments.get(name)[i]) / (1 - adam.beta1());
          double v =
              (1 - adam.beta2()) * (adam.beta2() * oldGradient * oldGradient + gradient * gradient);
          next.add(name, second.get(name)[i], updated(adam, first.get(name)[i], m, v, 2));
        }
      }
      next.addTo(training);
    }
  }

  /** A weight after an update at the rate of all checks here. */
  private static double updated(AdamW adam, double weight, double m, double v, int updates) {
    double root = Math.sqrt(v / (1 - Math.pow(adam.beta2(), updates)));
    double step = m / (1 - Math.pow(adam.beta1(), updates)) / (root + adam.epsilon());
    return weight - RATE * adam.weightDecay() * weight - RATE * step;
  }

  /** A gradient that is zero everywhere is one all the same. */
  private static void zeroGradient(Training training) {
    try (TrainableModel model = training.open(Training.ALL, adam(1e-8, 0.5, 1))) {
      Map<String, float[]> start = Training.values(model, Slot.WEIGHT);
      model.accumulate(training.scene().mixed(), new LossWeights(0, 0), 1);
      model.update(List.of(RATE));
      Map<String, float[]> end = Training.values(model, Slot.WEIGHT);
      Deviation weights = new Deviation("weights after decay alone");
      for (String name : start.keySet()) {
        for (int i = 0; i < end.get(name).length; i++) {
          weights.add(name, end.get(name)[i], start.get(name)[i] * (1 - RATE * 0.5));
        }
      }
      weights.addTo(training);
    }
  }

  /** The loss of distillation depends on the semantic layers alone. */
  private static void noGradient(Training training) {
    Architecture architecture = training.context().bundle().architecture();
    int patch = architecture.patchSize();
    DistillationBatch batch =
        new DistillationBatch(
            Inputs.normal(
                41,
                1,
                architecture.vae().latentChannels(),
                (long) architecture.imageGrid().rows() * patch,
                (long) architecture.imageGrid().columns() * patch),
            Inputs.normal(
                42, 1, architecture.imageGrid().tokens(), architecture.semantic().hiddenSize()));
    ParameterGroup semantic = TrainedPart.SEMANTIC.groups().get(0);
    Predicate<Weight> others = weight -> !semantic.contains(weight.name());
    try (TrainableModel model = training.open(Training.ALL, adam(1e-8, 0.5, 1))) {
      List<Long> start = WeightValues.checksums(model, others);
      List<Long> trained = WeightValues.checksums(model, others.negate());
      model.accumulate(batch, 1);
      model.update(List.of(RATE));
      training
          .checks()
          .require(
              "weights without a gradient",
              WeightValues.checksums(model, others).equals(start),
              "have changed; decay is for those that have one");
      training
          .checks()
          .require(
              "semantic layers trained",
              !WeightValues.checksums(model, others.negate()).equals(trained),
              "are as they were after a step of distillation");
    }
  }

  private static void clipping(Training training) {
    TrainingBatch batch = training.scene().mixed();
    Map<String, float[]> gradients = new TreeMap<>(training.gradients(Training.BOTH, batch));
    ParameterGroup fusion = TrainedPart.FUSION.groups().get(0);
    gradients.keySet().removeIf(name -> !fusion.contains(name));
    double expected = Training.norm(gradients.values());
    double most = expected / 3;
    AdamW adam = new AdamW(0, 0.99, 1e-8, 0, most);
    try (TrainableModel model = training.open(List.of(fusion), adam)) {
      model.accumulate(batch, Training.BOTH, 1);
      double norm = model.update(List.of(RATE));
      training.compareFigure("norm", norm, expected);
      training.compareFigure(
          "norm after clipping",
          Training.norm(Training.values(model, Slot.FIRST_MOMENT).values()),
          expected * most / (expected + 1e-6));
    }
  }

  private static void stageTwo(Training training) {
    TrainingBatch batch = training.scene().mixed();
    Map<String, float[]> gradients = new TreeMap<>(training.gradients(Training.BOTH, batch));
    Predicate<String> free =
        name -> Training.STAGE_TWO.stream().noneMatch(group -> group.contains(name));
    gradients.keySet().removeIf(free);
    try (TrainableModel model = training.open(Training.STAGE_TWO, AdamW.OFFICIAL)) {
      Predicate<Weight> left = weight -> free.test(weight.name());
      List<Long> start = WeightValues.checksums(model, left);
      List<Double> rates = Collections.nCopies(Training.STAGE_TWO.size(), RATE);
      model.accumulate(batch, Training.BOTH, 1);
      training.compareFigure("norm", model.update(rates), Training.norm(gradients.values()));
      model.accumulate(batch, Training.BOTH, 1);
      model.update(rates);
      List<Weight> claimed =
          model.weights().stream().filter(weight -> left.test(weight) && weight.trained()).toList();
      training
          .checks()
          .require("groups", claimed.isEmpty(), "the backend says that it trains " + claimed);
      training
          .checks()
          .require(
              start.size() + " weights in no group",
              WeightValues.checksums(model, left).equals(start),
              "have changed; they are those of time_embed.mlp");
    }
  }

  /** Differences of weights, of which the largest counts. */
  private static final class Deviation {

    private final String name;
    private final List<String> places = new ArrayList<>();
    private double actual;
    private double expected;
    private double largest = -1;

    Deviation(String name) {
      this.name = name;
    }

    void add(String weight, double found, double wanted) {
      double difference = Math.abs(found - wanted);
      if (!(difference <= largest)) {
        largest = difference;
        actual = found;
        expected = wanted;
        places.clear();
        places.add(weight);
      }
    }

    void addTo(Training training) {
      LargestDifference.of(
              name,
              Scale.ABSOLUTE,
              new double[] {actual},
              new double[] {expected},
              ROUNDING,
              i -> true,
              places::get)
          .addTo(training.checks());
    }
  }
}
