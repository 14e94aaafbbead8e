package dev.showo2.conformance.internal.training;

import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.DistillationBatch;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import dev.showo2.train.spi.TrainingProvider;
import dev.showo2.train.spi.TrainingRequest;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A trainer of a model of five weights whose losses are distances of all values from a number in
 * the batch. Its optimizer is AdamW.
 */
final class ToyTrainer implements TrainingProvider {

  static final List<String> STAGE_ONE = List.of("diff_proj.0.weight", "time_embed.mlp.0.weight");
  static final List<String> FROZEN =
      List.of("showo.model.norm.weight", "und_trans.layers.0.self_attn.k_proj.bias");

  private final UnaryOperator<TrainableModel> change;
  private int open;

  ToyTrainer(UnaryOperator<TrainableModel> change) {
    this.change = change;
  }

  /** How many models are open. */
  int open() {
    return open;
  }

  @Override
  public String id() {
    return "toy";
  }

  @Override
  public TrainableModel open(Bundle bundle, BackendConfig config, TrainingRequest request) {
    open++;
    return change.apply(new Model(request));
  }

  private final class Model implements TrainableModel {

    private final TrainingRequest request;
    private final Map<String, Values> weights = new TreeMap<>();
    private long updates;

    Model(TrainingRequest request) {
      this.request = request;
      int seed = 0;
      for (String name :
          List.of(STAGE_ONE.get(0), STAGE_ONE.get(1), FROZEN.get(0), FROZEN.get(1))) {
        Values values = new Values(group(name));
        for (int i = 0; i < Values.COUNT; i++) {
          values.slots[0][i] = (float) Math.sin(++seed);
        }
        weights.put(name, values);
      }
    }

    private int group(String name) {
      for (int i = 0; i < request.groups().size(); i++) {
        if (request.groups().get(i).contains(name)) {
          return i;
        }
      }
      return -1;
    }

    @Override
    public List<Weight> weights() {
      List<Weight> all = new ArrayList<>();
      weights.forEach((name, values) -> all.add(new Weight(name, Shape.of(4, 5), values.group)));
      return all;
    }

    @Override
    public TrainingLosses accumulate(TrainingBatch batch, LossWeights lossWeights, int parts) {
      double token = batch.rows().get(0).tokens()[0] / 10.0;
      double time = batch.times()[0];
      double ntp = 0;
      double flow = 0;
      for (Values values : weights.values()) {
        for (int i = 0; i < Values.COUNT; i++) {
          double weight = values.slots[0][i];
          ntp += (weight - token) * (weight - token) / 2;
          flow += (weight - time) * (weight - time) / 2;
          values.gradient[i] +=
              (lossWeights.nextToken() * (weight - token) + lossWeights.flow() * (weight - time))
                  / parts;
        }
      }
      return new TrainingLosses(ntp, flow, 1, 1);
    }

    @Override
    public double accumulate(DistillationBatch batch, int parts) {
      throw new UnsupportedOperationException();
    }

    @Override
    public double update(List<Double> rates) {
      AdamW adam = request.optimizer();
      double norm = 0;
      for (Values values : weights.values()) {
        for (int i = 0; values.group >= 0 && i < Values.COUNT; i++) {
          norm += values.gradient[i] * values.gradient[i];
        }
      }
      norm = Math.sqrt(norm);
      double factor = Math.min(1, adam.maxNorm() / (norm + 1e-6));
      updates++;
      for (Values values : weights.values()) {
        if (values.group >= 0) {
          values.update(adam, rates.get(values.group), factor, updates);
        }
      }
      discardGradients();
      return norm;
    }

    @Override
    public void discardGradients() {
      weights.values().forEach(values -> values.gradient = new double[Values.COUNT]);
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
      target.put(weights.get(weight).slots[slot.ordinal()], (int) from, target.remaining());
    }

    @Override
    public void write(String weight, Slot slot, long from, FloatBuffer source) {
      source.get(weights.get(weight).slots[slot.ordinal()], (int) from, source.remaining());
    }

    @Override
    public Backend backend() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      open--;
    }
  }

  /** A weight of 4 × 5 values with its moments. */
  private static final class Values {

    static final int COUNT = 20;

    final int group;
    final float[][] slots = new float[3][COUNT];
    double[] gradient = new double[COUNT];

    Values(int group) {
      this.group = group;
    }

    void update(AdamW adam, double rate, double factor, long updates) {
      for (int i = 0; i < COUNT; i++) {
        double g = gradient[i] * factor;
        double m = adam.beta1() * slots[1][i] + (1 - adam.beta1()) * g;
        double v = adam.beta2() * slots[2][i] + (1 - adam.beta2()) * g * g;
        double root = Math.sqrt(v / (1 - Math.pow(adam.beta2(), updates))) + adam.epsilon();
        slots[0][i] -=
            (float)
                (rate * adam.weightDecay() * slots[0][i]
                    + rate * m / (1 - Math.pow(adam.beta1(), updates)) / root);
        slots[1][i] = (float) m;
        slots[2][i] = (float) v;
      }
    }
  }
}
