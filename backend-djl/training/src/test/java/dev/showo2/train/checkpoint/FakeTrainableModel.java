package dev.showo2.train.checkpoint;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.spi.Backend;
import dev.showo2.train.spi.DistillationBatch;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A model that only has weights. Those in group 0 have a mean, which is one more than they are. */
final class FakeTrainableModel implements TrainableModel {

  private final Map<String, float[]> values = new TreeMap<>();
  private final List<Weight> weights;
  private int largestRead;

  /**
   * @param source of the values
   * @param weights that it has, all of them in the source
   */
  FakeTrainableModel(CheckpointWeights source, List<Weight> weights) {
    this.weights = weights.stream().sorted(Comparator.comparing(Weight::name)).toList();
    weights.forEach(weight -> values.put(weight.name(), source.readFloats(weight.name()).values()));
  }

  /** The values of a weight, to be changed. */
  float[] values(String weight) {
    return values.get(weight);
  }

  /** The most values that one call asked for. */
  int largestRead() {
    return largestRead;
  }

  @Override
  public List<Weight> weights() {
    return weights;
  }

  @Override
  public void read(String weight, Slot slot, long from, FloatBuffer target) {
    largestRead = Math.max(largestRead, target.remaining());
    for (int i = (int) from; target.hasRemaining(); i++) {
      target.put(values.get(weight)[i] + (slot == Slot.AVERAGE ? 1 : 0));
    }
  }

  @Override
  public TrainingLosses accumulate(TrainingBatch batch, LossWeights factors, int microBatches) {
    throw new UnsupportedOperationException();
  }

  @Override
  public double accumulate(DistillationBatch batch, int microBatches) {
    throw new UnsupportedOperationException();
  }

  @Override
  public double update(List<Double> rates) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void discardGradients() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long updates() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setUpdates(long updates) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void write(String weight, Slot slot, long from, FloatBuffer source) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Backend backend() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
