package dev.showo2.train;

import dev.showo2.train.spi.DistillationBatch;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.MicroBatch;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The losses of a step: means over its micro-batches, by the names that the source gives them. */
final class StepLosses {

  private final List<String> names;
  private final LossWeights weights;
  private final List<String> origins = new ArrayList<>();
  private final double[] sums;
  private double weighed;
  private long labels;
  private long positions;
  private int count;
  private String next = "";

  StepLosses(List<String> names, LossWeights weights) {
    this.names = names;
    this.weights = weights;
    this.sums = new double[names.size()];
  }

  /**
   * Computes the losses of a micro-batch and adds its gradients to those of the step.
   *
   * @param microBatches of the step
   */
  void add(BatchSource.Drawn drawn, TrainableModel model, int microBatches) {
    MicroBatch batch = drawn.batch();
    if (batch instanceof DistillationBatch distillation) {
      double loss = model.accumulate(distillation, microBatches);
      add(loss, loss);
      positions +=
          distillation.features().shape().dimension(0)
              * distillation.features().shape().dimension(1);
    } else {
      TrainingLosses losses = model.accumulate((TrainingBatch) batch, weights, microBatches);
      add(
          weights.nextToken() * losses.nextToken() + weights.flow() * losses.flow(),
          losses.nextToken(),
          losses.flow());
      labels += losses.labels();
      positions += losses.positions();
    }
    origins.addAll(drawn.origins());
    next = drawn.next();
    count++;
  }

  private void add(double sum, double... values) {
    for (int i = 0; i < values.length; i++) {
      sums[i] += values[i];
    }
    weighed += sum;
  }

  Map<String, Double> byName() {
    Map<String, Double> named = new LinkedHashMap<>();
    for (int i = 0; i < sums.length; i++) {
      named.put(names.get(i), sums[i] / count);
    }
    return named;
  }

  /** {@return the weighed sum} */
  double loss() {
    return weighed / count;
  }

  /** {@return the origins of all rows} */
  List<String> origins() {
    return origins;
  }

  long labels() {
    return labels;
  }

  long positions() {
    return positions;
  }

  /** {@return the state of the source behind the last micro-batch} */
  String next() {
    return next;
  }
}
