package dev.showo2.conformance.internal.check.training;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import java.util.List;
import java.util.function.Function;

/** Losses, compared with those that the reference backend's stages give. */
final class LossChecks {

  private LossChecks() {}

  static List<Check> all() {
    return List.of(
        check(Rule.T05, "labels", TrainingScene::mixed),
        check(Rule.T05, "other rows", TrainingScene::otherMixed),
        check(Rule.T05, "frames of a video", TrainingScene::frames),
        Training.check(Rule.T06, "labels", LossChecks::countLabels),
        Training.check(Rule.T07, "positions", LossChecks::countPositions),
        check(Rule.T12, "empty slot", TrainingScene::emptySlot),
        check(Rule.T12, "unused slot", TrainingScene::unusedSlot),
        check(Rule.T13, "two images", TrainingScene::twoTimes),
        check(Rule.T15, "no labels", TrainingScene::withoutLabels),
        check(Rule.T15, "no positions", TrainingScene::withoutMask),
        Training.check(Rule.T15, "neither", LossChecks::nothingCounts));
  }

  private static Check check(Rule rule, String name, Function<TrainingScene, TrainingBatch> batch) {
    return Training.check(rule, name, training -> compare(training, batch.apply(training.scene())));
  }

  private static TrainingLosses losses(Training training, TrainingBatch batch) {
    try (TrainableModel model = training.open(Training.ALL, Training.BARE)) {
      TrainingLosses losses = model.accumulate(batch, Training.BOTH, 1);
      double norm = model.update(List.of(0.0));
      training.checks().require("norm finite", Double.isFinite(norm), "is " + norm);
      return losses;
    }
  }

  private static void compare(Training training, TrainingBatch batch) {
    TrainingLosses actual = losses(training, batch);
    ReferenceLosses expected = ReferenceLosses.of(training.context(), batch);
    training.compareFigure("loss_ntp", actual.nextToken(), expected.nextToken());
    training.compareFigure("loss_flow", actual.flow(), expected.flow());
  }

  private static void countLabels(Training training) {
    TrainingBatch batch = training.scene().mixed();
    TrainingLosses actual = losses(training, batch);
    ReferenceLosses expected = ReferenceLosses.of(training.context(), batch);
    training.checks().compare("labels", actual.labels(), expected.labels());
    training.compareFigure("loss_ntp", actual.nextToken(), expected.nextToken());
  }

  private static void countPositions(Training training) {
    TrainingBatch batch = training.scene().mixed();
    TrainingLosses actual = losses(training, batch);
    ReferenceLosses expected = ReferenceLosses.of(training.context(), batch);
    training.checks().compare("positions", actual.positions(), expected.positions());
    training.compareFigure("loss_flow", actual.flow(), expected.flow());
  }

  private static void nothingCounts(Training training) {
    TrainingLosses losses = losses(training, training.scene().withoutBoth());
    training
        .checks()
        .require(
            "losses 0",
            losses.equals(new TrainingLosses(0, 0, 0, 0)),
            "are " + losses + "; without labels and masked positions both are 0");
  }
}
