package dev.showo2.train;

import dev.showo2.spi.Backend;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.DistillationBatch;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * A model of a few vectors which are drawn towards the first token of each row: a true optimizer
 * with moments and running means, and next to no arithmetic.
 */
final class FakeTrainable implements TrainableModel {

  private static final double MEAN_DECAY = 0.9;

  private final Map<String, Vector> vectors = new LinkedHashMap<>();
  private final AdamW optimizer = AdamW.OFFICIAL;
  private long updates;
  private long accumulated;

  /** Called with the number of the micro-batch, before it is computed. */
  LongConsumer beforeMicroBatch = number -> {};

  /** Makes losses of micro-batches from this one on NaN. */
  long brokenFrom = Long.MAX_VALUE;

  /**
   * @param size of the largest trained vector
   */
  FakeTrainable(int size) {
    this(size, "fusion_proj.weight");
  }

  FakeTrainable(int size, String largest) {
    vectors.put(largest, new Vector(size, 0));
    vectors.put("showo.bias", new Vector(3, 1));
    vectors.put("und_trans.bias", new Vector(2, -1));
  }

  private static final class Vector {
    private final int group;
    private final float[] gradient;
    private final Map<Slot, float[]> slots = new LinkedHashMap<>();

    Vector(int size, int group) {
      this.group = group;
      gradient = new float[size];
      for (Slot slot : Slot.values()) {
        slots.put(slot, new float[size]);
      }
      for (int i = 0; i < size; i++) {
        slots.get(Slot.WEIGHT)[i] = (float) Math.sin(i + 1);
        slots.get(Slot.AVERAGE)[i] = (float) Math.sin(i + 1);
      }
    }
  }

  @Override
  public List<Weight> weights() {
    return vectors.entrySet().stream()
        .map(
            entry ->
                new Weight(
                    entry.getKey(),
                    Shape.of(entry.getValue().gradient.length),
                    entry.getValue().group))
        .toList();
  }

  @Override
  public TrainingLosses accumulate(TrainingBatch batch, LossWeights lossWeights, int microBatches) {
    beforeMicroBatch.accept(accumulated);
    if (accumulated++ >= brokenFrom) {
      return new TrainingLosses(Double.NaN, 0, 1, 1);
    }
    double goal = batch.rows().stream().mapToInt(row -> row.tokens()[0]).average().orElseThrow();
    return new TrainingLosses(approach(goal, microBatches), goal, 1, batch.length());
  }

  @Override
  public double accumulate(DistillationBatch batch, int microBatches) {
    return approach(batch.features().values()[0], microBatches);
  }

  /** {@return the mean square of the distances from a goal} */
  private double approach(double goal, int microBatches) {
    double loss = 0;
    long values = 0;
    for (Vector vector : vectors.values()) {
      if (vector.group >= 0) {
        float[] weight = vector.slots.get(Slot.WEIGHT);
        for (int i = 0; i < weight.length; i++) {
          float distance = (float) (weight[i] - goal / (i % 5 + 1));
          vector.gradient[i] += distance / microBatches;
          loss += distance * distance;
        }
        values += weight.length;
      }
    }
    return loss / values;
  }

  @Override
  public double update(List<Double> rates) {
    double square = 0;
    for (Vector vector : vectors.values()) {
      for (float value : vector.gradient) {
        square += (double) value * value;
      }
    }
    double norm = Math.sqrt(square);
    double clip = Math.min(1, optimizer.maxNorm() / (norm + 1e-6));
    updates++;
    for (Vector vector : vectors.values()) {
      if (vector.group >= 0) {
        update(vector, rates.get(vector.group), clip);
      }
    }
    discardGradients();
    return norm;
  }

  private void update(Vector vector, double rate, double clip) {
    float[] weight = vector.slots.get(Slot.WEIGHT);
    float[] first = vector.slots.get(Slot.FIRST_MOMENT);
    float[] second = vector.slots.get(Slot.SECOND_MOMENT);
    float[] mean = vector.slots.get(Slot.AVERAGE);
    for (int i = 0; i < weight.length; i++) {
      double gradient = vector.gradient[i] * clip;
      first[i] = (float) (optimizer.beta1() * first[i] + (1 - optimizer.beta1()) * gradient);
      second[i] =
          (float) (optimizer.beta2() * second[i] + (1 - optimizer.beta2()) * gradient * gradient);
      double root = Math.sqrt(second[i] / (1 - Math.pow(optimizer.beta2(), updates)));
      double step = first[i] / (1 - Math.pow(optimizer.beta1(), updates));
      weight[i] -= (float) (rate * step / (root + optimizer.epsilon()));
      mean[i] = (float) (MEAN_DECAY * mean[i] + (1 - MEAN_DECAY) * weight[i]);
    }
  }

  @Override
  public void discardGradients() {
    vectors.values().forEach(vector -> Arrays.fill(vector.gradient, 0));
  }

  @Override
  public long updates() {
    return updates;
  }

  @Override
  public void setUpdates(long value) {
    updates = value;
  }

  @Override
  public void read(String weight, Slot slot, long from, FloatBuffer target) {
    target.put(vectors.get(weight).slots.get(slot), (int) from, target.remaining());
  }

  @Override
  public void write(String weight, Slot slot, long from, FloatBuffer source) {
    source.get(vectors.get(weight).slots.get(slot), (int) from, source.remaining());
  }

  /** All that an update depends on, bit by bit. */
  String bits() {
    StringBuilder text = new StringBuilder("updates " + updates);
    vectors.forEach(
        (name, vector) ->
            vector.slots.forEach(
                (slot, values) ->
                    text.append('\n')
                        .append(name)
                        .append(' ')
                        .append(slot)
                        .append(' ')
                        .append(Arrays.hashCode(values))));
    return text.toString();
  }

  @Override
  public Backend backend() {
    throw new UnsupportedOperationException("no stages");
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
