package dev.showo2.conformance.internal.check.training;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.LargestDifference;
import dev.showo2.conformance.internal.compare.LargestDifference.Scale;
import dev.showo2.conformance.internal.golden.pass.WeightValues;
import dev.showo2.conformance.internal.training.RunComparison;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.SpecialTokens;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gradients of several micro-batches, and of the matrix that may be used twice. */
final class GradientChecks {

  private static final String EMBEDDINGS = "showo.model.embed_tokens.weight";

  /** Large enough for differences of losses in fp32, small enough for their slope. */
  private static final float STEP = 0.005f;

  /** Of slopes, as a share of the largest: the rounding and the bending of the loss. */
  private static final double SLOPES = 0.02;

  private static final int DIRECTIONS = 4;

  private GradientChecks() {}

  static List<Check> all() {
    return List.of(
        Training.check(Rule.T14, "the same twice", GradientChecks::sameTwice),
        Training.check(Rule.T14, "two batches", GradientChecks::meanOfTwo),
        Training.check(Rule.T16, "embeddings", GradientChecks::slopes));
  }

  private static void sameTwice(Training training) {
    TrainingBatch batch = training.scene().mixed();
    compare(
        training,
        training.gradients(Training.BOTH, batch, batch),
        training.gradients(Training.BOTH, batch));
  }

  private static void meanOfTwo(Training training) {
    TrainingBatch one = training.scene().mixed();
    TrainingBatch other = training.scene().otherMixed();
    Map<String, float[]> expected = new TreeMap<>(training.gradients(Training.BOTH, one));
    Map<String, float[]> others = training.gradients(Training.BOTH, other);
    expected.replaceAll(
        (name, gradient) -> {
          float[] mean = new float[gradient.length];
          for (int i = 0; i < mean.length; i++) {
            mean[i] = (gradient[i] + others.get(name)[i]) / 2;
          }
          return mean;
        });
    compare(training, training.gradients(Training.BOTH, one, other), expected);
  }

  private static void compare(
      Training training, Map<String, float[]> actual, Map<String, float[]> expected) {
    List<String> names = List.copyOf(expected.keySet());
    double norm = Training.norm(expected.values());
    double[] differences = new double[names.size()];
    for (int i = 0; i < differences.length; i++) {
      float[] difference = actual.get(names.get(i)).clone();
      for (int j = 0; j < difference.length; j++) {
        difference[j] -= expected.get(names.get(i))[j];
      }
      differences[i] = Training.norm(List.of(difference)) / norm;
    }
    LargestDifference.of(
            "gradients",
            Scale.ABSOLUTE,
            differences,
            new double[differences.length],
            RunComparison.STEPS,
            i -> true,
            names::get)
        .addTo(training.checks());
  }

  /**
   * Compares the gradient of two rows of the embedding matrix with slopes of the loss: that of a
   * token that is read and never predicted, and that of one that is read and predicted. If the
   * matrix is tied, the second has gradients from both uses.
   */
  private static void slopes(Training training) {
    TrainingBatch batch = training.scene().mixed();
    float[] gradient = training.gradients(Training.BOTH, batch).get(EMBEDDINGS);
    try (TrainableModel model = training.open(Training.ALL, Training.BARE)) {
      Weight matrix =
          model.weights().stream()
              .filter(weight -> weight.name().equals(EMBEDDINGS))
              .findFirst()
              .orElseThrow();
      float[] values = WeightValues.read(model, matrix, Slot.WEIGHT);
      int width = Math.toIntExact(matrix.shape().dimension(1));
      SpecialTokens special = training.context().bundle().manifest().specialTokens();
      compareSlopes(
          training, model, matrix, values, gradient, special.boi(), width, "a token that is read");
      compareSlopes(
          training,
          model,
          matrix,
          values,
          gradient,
          special.eoi(),
          width,
          "a token that is predicted as well");
    }
  }

  private static void compareSlopes(
      Training training,
      TrainableModel model,
      Weight matrix,
      float[] values,
      float[] gradient,
      int row,
      int width,
      String name) {
    List<Double> actual = new ArrayList<>();
    List<Double> expected = new ArrayList<>();
    double largest = 0;
    for (int direction = 0; direction < DIRECTIONS; direction++) {
      float[] along = Inputs.normal(51 + direction, width).values();
      double product = 0;
      for (int i = 0; i < width; i++) {
        product += (double) gradient[row * width + i] * along[i];
      }
      double slope =
          (loss(training, model, matrix, moved(values, along, row * width, STEP))
                  - loss(training, model, matrix, moved(values, along, row * width, -STEP)))
              / (2 * STEP);
      actual.add(product);
      expected.add(slope);
      largest = Math.max(largest, Math.abs(slope));
    }
    WeightValues.write(model, matrix, Slot.WEIGHT, values);
    LargestDifference.of(
            "slopes of " + name,
            Scale.ABSOLUTE,
            actual.stream().mapToDouble(Double::doubleValue).toArray(),
            expected.stream().mapToDouble(Double::doubleValue).toArray(),
            SLOPES * largest,
            i -> true,
            i -> "direction " + i)
        .addTo(training.checks());
  }

  private static float[] moved(float[] values, float[] along, int from, float step) {
    float[] moved = values.clone();
    for (int i = 0; i < along.length; i++) {
      moved[from + i] += step * along[i];
    }
    return moved;
  }

  private static double loss(
      Training training, TrainableModel model, Weight matrix, float[] values) {
    WeightValues.write(model, matrix, Slot.WEIGHT, values);
    TrainingLosses losses = model.accumulate(training.scene().mixed(), Training.BOTH, 1);
    model.discardGradients();
    return Training.BOTH.nextToken() * losses.nextToken() + Training.BOTH.flow() * losses.flow();
  }
}
