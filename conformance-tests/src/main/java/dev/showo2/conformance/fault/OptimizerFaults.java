package dev.showo2.conformance.fault;

import dev.showo2.conformance.wrapper.ForwardingTrainableModel;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import dev.showo2.train.spi.TrainingRequest;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Faults of the optimizer, and of the gradients that it gets. */
final class OptimizerFaults {

  private static final List<ParameterGroup> EVERYTHING =
      List.of(new ParameterGroup("all", List.of(), List.of()));

  private static final String EMBEDDINGS = "showo.model.embed_tokens.weight";

  static final List<TrainingFault> ALL =
      List.of(
          TrainingFault.of(
              "epsilon-inside-root",
              "T-08",
              "epsilon is added within the corrected root",
              (right, request) ->
                  new OtherOptimizer(right.open(request), request.optimizer()) {
                    @Override
                    double weight(double old, double rate, double m, double v) {
                      return old
                          - rate * adam.weightDecay() * old
                          - rate * m / Math.sqrt(v + adam.epsilon());
                    }
                  }),
          TrainingFault.of(
              "decay-coupled",
              "T-09",
              "decay is added to the gradient",
              (right, request) ->
                  new OtherOptimizer(right.open(request), request.optimizer()) {
                    @Override
                    double gradient(String name, int index, double right, double weight) {
                      return right + adam.weightDecay() * weight;
                    }

                    @Override
                    double weight(double old, double rate, double m, double v) {
                      return old - rate * m / (Math.sqrt(v) + adam.epsilon());
                    }
                  }),
          TrainingFault.around(
              "decay-stopped",
              "T-09",
              "a weight whose gradient is zero does not decay",
              WithoutDecayOfZeros::new),
          TrainingFault.of(
              "clipped-over-frozen",
              "T-10",
              "the norm for clipping is over frozen weights as well",
              ClippedOverAll::open),
          TrainingFault.of(
              "time-embedding-trained",
              "T-11",
              "time_embed.mlp is trained in stage two",
              OptimizerFaults::withTimeEmbedding),
          TrainingFault.of(
              "read-tokens-without-gradient",
              "T-16",
              "the embedding matrix gets no gradient from where tokens are read",
              (right, request) ->
                  new WithoutReadGradient(right.open(request), request.optimizer())));

  private OptimizerFaults() {}

  /** Makes the update anew from the gradients that the moments show. */
  private static class OtherOptimizer extends ForwardingTrainableModel {

    final AdamW adam;

    OtherOptimizer(TrainableModel model, AdamW adam) {
      super(model);
      this.adam = adam;
    }

    double gradient(String name, int index, double right, double weight) {
      return right;
    }

    /**
     * @param m first moment, corrected
     * @param v second moment, corrected
     */
    double weight(double old, double rate, double m, double v) {
      return old - rate * adam.weightDecay() * old - rate * m / (Math.sqrt(v) + adam.epsilon());
    }

    @Override
    public double update(List<Double> rates) {
      Map<String, State> before = new HashMap<>();
      long updates = updates();
      weights().forEach(weight -> before.put(weight.name(), State.of(this, weight)));
      double norm = super.update(rates);
      if (updates() == updates) {
        return norm;
      }
      for (Weight weight : weights()) {
        State old = before.get(weight.name());
        State now = State.of(this, weight);
        if (weight.trained() && !now.equalTo(old)) {
          update(weight.name(), rates.get(weight.group()), old, now);
        }
      }
      return norm;
    }

    private void update(String name, double rate, State old, State now) {
      double beta1 = adam.beta1();
      double beta2 = adam.beta2();
      for (int i = 0; i < now.weight.length; i++) {
        double right = (now.first[i] - beta1 * old.first[i]) / (1 - beta1);
        double gradient = gradient(name, i, right, old.weight[i]);
        double m = beta1 * old.first[i] + (1 - beta1) * gradient;
        double v = beta2 * old.second[i] + (1 - beta2) * gradient * gradient;
        now.weight[i] =
            (float)
                weight(
                    old.weight[i],
                    rate,
                    m / (1 - Math.pow(beta1, updates())),
                    v / (1 - Math.pow(beta2, updates())));
        now.first[i] = (float) m;
        now.second[i] = (float) v;
      }
      now.write(this, name);
    }
  }

  /** A weight and its moments. */
  private record State(float[] weight, float[] first, float[] second) {

    static State of(TrainableModel model, TrainableModel.Weight weight) {
      return weight.trained()
          ? new State(
              read(model, weight, TrainableModel.Slot.WEIGHT),
              read(model, weight, TrainableModel.Slot.FIRST_MOMENT),
              read(model, weight, TrainableModel.Slot.SECOND_MOMENT))
          : null;
    }

    private static float[] read(
        TrainableModel model, TrainableModel.Weight weight, TrainableModel.Slot slot) {
      float[] values = new float[Math.toIntExact(weight.shape().elementCount())];
      model.read(weight.name(), slot, 0, FloatBuffer.wrap(values));
      return values;
    }

    boolean equalTo(State other) {
      return Arrays.equals(weight, other.weight)
          && Arrays.equals(first, other.first)
          && Arrays.equals(second, other.second);
    }

    void write(TrainableModel model, String name) {
      model.write(name, TrainableModel.Slot.WEIGHT, 0, FloatBuffer.wrap(weight));
      model.write(name, TrainableModel.Slot.FIRST_MOMENT, 0, FloatBuffer.wrap(first));
      model.write(name, TrainableModel.Slot.SECOND_MOMENT, 0, FloatBuffer.wrap(second));
    }
  }

  /** Takes back what decay did where the moments are zero. */
  private static final class WithoutDecayOfZeros extends ForwardingTrainableModel {

    WithoutDecayOfZeros(TrainableModel model) {
      super(model);
    }

    @Override
    public double update(List<Double> rates) {
      Map<String, State> before = new HashMap<>();
      weights().forEach(weight -> before.put(weight.name(), State.of(this, weight)));
      double norm = super.update(rates);
      for (Weight weight : weights()) {
        State now = State.of(this, weight);
        if (weight.trained()) {
          for (int i = 0; i < now.weight.length; i++) {
            if (now.second[i] == 0) {
              now.weight[i] = before.get(weight.name()).weight[i];
            }
          }
          now.write(this, weight.name());
        }
      }
      return norm;
    }
  }

  /** Beside it stands a model in which all weights have gradients. */
  private static final class ClippedOverAll extends OtherOptimizer {

    private final TrainableModel all;
    private final double maxNorm;
    private double factor;

    private ClippedOverAll(
        TrainableModel model, TrainableModel all, AdamW unclipped, double maxNorm) {
      super(model, unclipped);
      this.all = all;
      this.maxNorm = maxNorm;
    }

    static TrainableModel open(TrainingFault.RightOpening right, TrainingRequest request) {
      AdamW adam = request.optimizer();
      AdamW unclipped =
          new AdamW(
              adam.beta1(),
              adam.beta2(),
              adam.epsilon(),
              adam.weightDecay(),
              Double.POSITIVE_INFINITY);
      TrainableModel model =
          right.open(TrainingRequest.builder(request.groups()).optimizer(unclipped).build());
      try {
        TrainableModel all =
            right.open(TrainingRequest.builder(EVERYTHING).optimizer(unclipped).build());
        return new ClippedOverAll(model, all, unclipped, adam.maxNorm());
      } catch (RuntimeException | Error e) {
        try (model) {
          throw e;
        }
      }
    }

    @Override
    public TrainingLosses accumulate(TrainingBatch batch, LossWeights weights, int microBatches) {
      all.accumulate(batch, weights, microBatches);
      return super.accumulate(batch, weights, microBatches);
    }

    @Override
    public void discardGradients() {
      all.discardGradients();
      super.discardGradients();
    }

    @Override
    double gradient(String name, int index, double right, double weight) {
      return right * factor;
    }

    @Override
    public double update(List<Double> rates) {
      double norm = all.update(List.of(0.0));
      factor = Math.min(1, maxNorm / (norm + 1e-6));
      super.update(rates);
      for (Weight weight : weights()) {
        if (weight.trained()) {
          FloatBuffer values = FloatBuffer.wrap(State.of(this, weight).weight);
          all.write(weight.name(), Slot.WEIGHT, 0, values);
        }
      }
      return norm;
    }

    @Override
    public void close() {
      try (all) {
        super.close();
      }
    }
  }

  private static TrainableModel withTimeEmbedding(
      TrainingFault.RightOpening right, TrainingRequest request) {
    List<ParameterGroup> groups = new ArrayList<>();
    for (ParameterGroup group : request.groups()) {
      List<String> including = new ArrayList<>(group.including());
      if (including.contains("diffusion")) {
        including.add("time_embed");
      }
      groups.add(new ParameterGroup(group.name(), including, group.excluding()));
    }
    if (groups.equals(request.groups())) {
      return right.open(request);
    }
    return new ForwardingTrainableModel(
        right.open(TrainingRequest.builder(groups).optimizer(request.optimizer()).build())) {
      @Override
      public List<Weight> weights() {
        return super.weights().stream()
            .map(
                weight ->
                    weight.name().startsWith("time_embed.mlp")
                        ? new Weight(weight.name(), weight.shape(), -1)
                        : weight)
            .toList();
      }
    };
  }

  /** Sets the gradient of tokens to zero that are read and not predicted. */
  private static final class WithoutReadGradient extends OtherOptimizer {

    private final Set<Integer> read = new HashSet<>();
    private final Set<Integer> predicted = new HashSet<>();

    WithoutReadGradient(TrainableModel model, AdamW adam) {
      super(model, adam);
    }

    @Override
    public TrainingLosses accumulate(TrainingBatch batch, LossWeights weights, int microBatches) {
      batch.rows().forEach(row -> Arrays.stream(row.tokens()).forEach(read::add));
      batch.rows().forEach(row -> Arrays.stream(row.labels()).forEach(predicted::add));
      return super.accumulate(batch, weights, microBatches);
    }

    @Override
    double gradient(String name, int index, double right, double weight) {
      if (!name.equals(EMBEDDINGS)) {
        return right;
      }
      int width =
          weights().stream()
              .filter(each -> each.name().equals(EMBEDDINGS))
              .mapToInt(each -> Math.toIntExact(each.shape().dimension(1)))
              .sum();
      int token = index / width;
      return read.contains(token) && !predicted.contains(token) ? 0 : right;
    }

    @Override
    public double update(List<Double> rates) {
      double norm = super.update(rates);
      read.clear();
      predicted.clear();
      return norm;
    }
  }
}
