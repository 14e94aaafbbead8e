package dev.showo2.conformance.internal.check.training;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.compare.LargestDifference;
import dev.showo2.conformance.internal.compare.LargestDifference.Scale;
import dev.showo2.conformance.internal.golden.pass.WeightValues;
import dev.showo2.conformance.internal.reference.ReferenceBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.HostTensor;
import dev.showo2.train.spi.DistillationBatch;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import java.util.List;
import java.util.OptionalInt;

/** The loss by which the semantic layers learn, compared with the reference's features. */
final class DistillationChecks {

  private static final String PATCHES = "image_embedder_und.proj.bias";
  private static final int IMAGES = 2;

  /** Large enough for differences of losses in fp32, small enough for their slope. */
  private static final float STEP = 0.005f;

  /** Of slopes, as a share of the largest: the rounding and the bending of the loss. */
  private static final double SLOPES = 0.02;

  private static final int DIRECTIONS = 4;

  private DistillationChecks() {}

  static List<Check> all() {
    return List.of(
        Training.check(Rule.T20, "loss", DistillationChecks::loss),
        Training.check(Rule.T20, "slopes", DistillationChecks::slopes),
        Training.check(Rule.T20, "micro-batches", DistillationChecks::microBatches),
        Training.check(Rule.T20, "pointing away", DistillationChecks::pointingAway));
  }

  /** Latents, and what the reference's semantic layers make of them. */
  private static DistillationBatch own(Training training) {
    Architecture sizes = training.context().bundle().architecture();
    HostTensor latents =
        Inputs.normal(
            41,
            IMAGES,
            sizes.vae().latentChannels(),
            (long) sizes.imageGrid().rows() * sizes.patchSize(),
            (long) sizes.imageGrid().columns() * sizes.patchSize());
    try (ReferenceBackend reference =
        ReferenceBackend.open(training.context().bundle(), OptionalInt.empty())) {
      return new DistillationBatch(
          latents, reference.semanticFeatures(HostTensors.withFrameAxis(latents)));
    }
  }

  /** Features beside those of the semantic layers, the further the later their position. */
  private static DistillationBatch taught(DistillationBatch own) {
    HostTensor features = own.features();
    int width = Math.toIntExact(features.shape().dimension(2));
    int positions = features.values().length / width;
    float[] noise = Inputs.normal(42, features.values().length).values();
    float[] taught = features.values().clone();
    for (int position = 0; position < positions; position++) {
      double square = 0;
      for (int i = position * width; i < (position + 1) * width; i++) {
        square += (double) taught[i] * taught[i];
      }
      float most = (float) (Math.sqrt(square / width) * (position + 1) / positions);
      for (int i = position * width; i < (position + 1) * width; i++) {
        taught[i] += most * noise[i];
      }
    }
    return new DistillationBatch(own.latents(), new HostTensor(features.shape(), taught));
  }

  private static double expected(HostTensor own, HostTensor teacher) {
    int width = Math.toIntExact(own.shape().dimension(2));
    int positions = own.values().length / width;
    double sum = 0;
    for (int position = 0; position < positions; position++) {
      double product = 0;
      double first = 0;
      double second = 0;
      for (int i = position * width; i < (position + 1) * width; i++) {
        product += (double) own.values()[i] * teacher.values()[i];
        first += (double) own.values()[i] * own.values()[i];
        second += (double) teacher.values()[i] * teacher.values()[i];
      }
      sum -= Math.log(product / Math.sqrt(first * second));
    }
    return sum / positions;
  }

  private static void loss(Training training) {
    DistillationBatch own = own(training);
    DistillationBatch batch = taught(own);
    try (TrainableModel model = training.open(Training.ALL, Training.BARE)) {
      training.compareFigure(
          "loss_distill", model.accumulate(batch, 1), expected(own.features(), batch.features()));
    }
  }

  /** Compares a gradient with slopes of the loss along some directions. */
  private static void slopes(Training training) {
    DistillationBatch batch = taught(own(training));
    float[] gradient = gradient(training, batch, 1);
    double[] actual = new double[DIRECTIONS];
    double[] expected = new double[DIRECTIONS];
    double largest = 0;
    try (TrainableModel model = training.open(Training.ALL, Training.BARE)) {
      Weight bias = bias(model);
      float[] values = WeightValues.read(model, bias, Slot.WEIGHT);
      for (int direction = 0; direction < DIRECTIONS; direction++) {
        float[] along = Inputs.normal(61 + direction, values.length).values();
        for (int i = 0; i < along.length; i++) {
          actual[direction] += (double) gradient[i] * along[i];
        }
        expected[direction] =
            (lossAt(model, bias, values, along, STEP, batch)
                    - lossAt(model, bias, values, along, -STEP, batch))
                / (2 * STEP);
        largest = Math.max(largest, Math.abs(expected[direction]));
      }
    }
    LargestDifference.of(
            "slopes of " + PATCHES,
            Scale.ABSOLUTE,
            actual,
            expected,
            SLOPES * largest,
            i -> true,
            i -> "direction " + i)
        .addTo(training.checks());
  }

  private static double lossAt(
      TrainableModel model,
      Weight weight,
      float[] values,
      float[] along,
      float step,
      DistillationBatch batch) {
    float[] moved = values.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * along[i];
    }
    WeightValues.write(model, weight, Slot.WEIGHT, moved);
    double loss = model.accumulate(batch, 1);
    model.discardGradients();
    return loss;
  }

  private static Weight bias(TrainableModel model) {
    return model.weights().stream()
        .filter(weight -> weight.name().equals(PATCHES))
        .findFirst()
        .orElseThrow();
  }

  /** The gradient of as many micro-batches, all the same. */
  private static float[] gradient(Training training, DistillationBatch batch, int microBatches) {
    try (TrainableModel model = training.open(Training.ALL, Training.BARE)) {
      for (int i = 0; i < microBatches; i++) {
        model.accumulate(batch, microBatches);
      }
      model.update(List.of(0.0));
      return WeightValues.read(model, bias(model), Slot.FIRST_MOMENT);
    }
  }

  private static void microBatches(Training training) {
    DistillationBatch batch = taught(own(training));
    training.compareFigure(
        "norm of the gradient of two",
        Training.norm(List.of(gradient(training, batch, 2))),
        Training.norm(List.of(gradient(training, batch, 1))));
  }

  private static void pointingAway(Training training) {
    DistillationBatch own = own(training);
    DistillationBatch away =
        new DistillationBatch(own.latents(), Inputs.scaled(own.features(), -1));
    try (TrainableModel model = training.open(Training.ALL, Training.BARE)) {
      double loss = model.accumulate(away, 1);
      double norm = model.update(List.of(0.0));
      training
          .checks()
          .require("loss finite", Double.isFinite(loss), "is " + loss + " for opposite features");
      training
          .checks()
          .require("norm finite", Double.isFinite(norm), "is " + norm + " for opposite features");
    }
  }
}
