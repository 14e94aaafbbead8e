package dev.showo2.conformance.internal.check.training;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.Refusals;
import dev.showo2.conformance.internal.golden.pass.WeightValues;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import dev.showo2.train.spi.TrainingBatch;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** State that is saved and restored, and calls that are refused. */
final class StateChecks {

  private static final List<Slot> SAVED =
      List.of(Slot.WEIGHT, Slot.FIRST_MOMENT, Slot.SECOND_MOMENT);

  private static final AdamW DECAYING = new AdamW(0.9, 0.999, 1e-8, 0.1, 1);

  private static final double RATE = 0.01;

  private StateChecks() {}

  static List<Check> all() {
    return List.of(
        Training.check(Rule.T17, "resumed", StateChecks::resumes),
        Training.check(Rule.T17, "repeated", StateChecks::repeats),
        Training.check(Rule.T18, "closed", StateChecks::refusesWhenClosed),
        Training.check(Rule.T19, "batches", StateChecks::refusesBatches));
  }

  private static TrainableModel open(Training training) {
    return training.open(Training.STAGE_TWO, DECAYING);
  }

  private static void step(TrainableModel model, TrainingBatch... batches) {
    for (TrainingBatch batch : batches) {
      model.accumulate(batch, Training.BOTH, batches.length);
    }
    model.update(Collections.nCopies(Training.STAGE_TWO.size(), RATE));
  }

  private static void resumes(Training training) {
    TrainingBatch one = training.scene().mixed();
    TrainingBatch other = training.scene().otherMixed();
    try (TrainableModel whole = open(training);
        TrainableModel resumed = open(training)) {
      step(whole, one, other);
      step(whole, other);
      for (Weight weight : whole.weights()) {
        if (weight.trained()) {
          for (Slot slot : SAVED) {
            WeightValues.write(resumed, weight, slot, WeightValues.read(whole, weight, slot));
          }
        }
      }
      resumed.setUpdates(whole.updates());
      step(whole, one, other);
      step(resumed, one, other);
      compare(training, resumed, whole);
    }
  }

  private static void repeats(Training training) {
    try (TrainableModel one = open(training);
        TrainableModel other = open(training)) {
      step(one, training.scene().mixed());
      step(other, training.scene().mixed());
      compare(training, other, one);
    }
  }

  private static void compare(Training training, TrainableModel actual, TrainableModel expected) {
    training.checks().compare("updates", actual.updates(), expected.updates());
    for (Slot slot : SAVED) {
      Map<String, float[]> wanted = Training.values(expected, slot);
      Map<String, float[]> found = Training.values(actual, slot);
      List<String> different =
          wanted.keySet().stream()
              .filter(name -> !Arrays.equals(bits(found.get(name)), bits(wanted.get(name))))
              .toList();
      training
          .checks()
          .require(
              slot.name(),
              different.isEmpty(),
              "differs in "
                  + different.size()
                  + " of "
                  + wanted.size()
                  + " weights, first in "
                  + (different.isEmpty() ? "none" : different.get(0)));
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  private static void refusesWhenClosed(Training training) {
    TrainableModel model = open(training);
    Weight weight = model.weights().stream().filter(Weight::trained).findFirst().orElseThrow();
    TrainingBatch batch = training.scene().mixed();
    model.close();
    model.close();
    Refusals refusals =
        new Refusals(
            training.checks(),
            IllegalStateException.class,
            "a closed model must not touch what it has freed");
    refusals.of("accumulate", () -> model.accumulate(batch, Training.BOTH, 1));
    refusals.of("update", () -> model.update(Collections.nCopies(Training.STAGE_TWO.size(), RATE)));
    refusals.of(
        "discardGradients",
        () -> {
          model.discardGradients();
          return null;
        });
    refusals.of(
        "read",
        () -> {
          model.read(weight.name(), Slot.WEIGHT, 0, FloatBuffer.allocate(1));
          return null;
        });
    refusals.of(
        "write",
        () -> {
          model.write(weight.name(), Slot.WEIGHT, 0, FloatBuffer.allocate(1));
          return null;
        });
    refusals.of("backend", () -> model.backend().upload(batch.latents()));
  }

  private static void refusesBatches(Training training) {
    TrainingScene scene = training.scene();
    try (TrainableModel model = open(training);
        TrainableModel undisturbed = open(training)) {
      model.accumulate(scene.mixed(), Training.BOTH, 1);
      Refusals refusals =
          new Refusals(
              training.checks(),
              InvalidRequestException.class,
              "a batch that does not fit must leave no gradient");
      refusals.of(
          "a token beyond the vocabulary",
          () -> model.accumulate(scene.beyondVocabulary(), Training.BOTH, 1));
      refusals.of(
          "a span shorter than its image",
          () -> model.accumulate(scene.shortSpan(), Training.BOTH, 1));
      step(undisturbed, scene.mixed());
      model.update(Collections.nCopies(Training.STAGE_TWO.size(), RATE));
      compare(training, model, undisturbed);
    }
  }
}
