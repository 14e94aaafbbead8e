package dev.showo2.backend.djl;

import ai.djl.ndarray.NDManager;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.Closer;
import dev.showo2.train.spi.DistillationBatch;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import dev.showo2.train.spi.TrainingRequest;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A model in training: the stages of a backend over weights that change. */
final class DjlTrainableModel implements TrainableModel {

  private static final Set<Precision> TRAINABLE =
      EnumSet.of(Precision.FP32, Precision.FP16, Precision.BF16);

  private final DjlBackend stages;
  private final TrainedWeights weights;
  private final Optional<LoraLayers> adapter;
  private final boolean recomputes;
  private final int groups;
  private final Closer owned;

  private DjlTrainableModel(
      DjlBackend stages,
      TrainedWeights weights,
      Optional<LoraLayers> adapter,
      TrainingRequest request,
      Closer owned) {
    this.stages = stages;
    this.weights = weights;
    this.adapter = adapter;
    this.recomputes = request.activationCheckpointing();
    this.groups = request.groups().size();
    this.owned = owned;
  }

  static DjlTrainableModel open(Bundle bundle, DjlOptions options, TrainingRequest request) {
    String quantized = bundle.manifest().precision().outside(TRAINABLE);
    if (!quantized.isEmpty()) {
      throw new UnsupportedFeatureException(
          bundle
              + " cannot be trained: expected fp32, fp16 or bf16, found "
              + quantized
              + "; export the checkpoint in fp32");
    }
    try (Closer closer = new Closer()) {
      Closer owned = closer.add(new Closer());
      DjlEngine.get();
      TrainedWeights weights = owned.add(new TrainedWeights(request));
      Optional<LoraLayers> adapter = request.lora().map(lora -> new LoraLayers(lora, weights));
      DjlBackend stages =
          owned.add(
              DjlBackend.open(
                  bundle,
                  new DjlBackend.Variation(
                      bundle.architecture(),
                      weights,
                      DjlFormulas.SPEC,
                      Optional.of(adapter.isPresent() ? adapter.get() : LinearLayers.FP32)),
                  options));
      adapter.ifPresent(LoraLayers::checkTargets);
      weights.checkGroups();
      closer.keepAll();
      return new DjlTrainableModel(stages, weights, adapter, request, owned);
    }
  }

  private <T> T scoped(String activity, Function<NDManager, T> call) {
    return stages
        .context()
        .call(
            activity,
            () -> {
              try (NDManager scope = stages.context().manager().newSubManager()) {
                return call.apply(scope);
              }
            });
  }

  @Override
  public List<Weight> weights() {
    return weights.list();
  }

  @Override
  public TrainingLosses accumulate(TrainingBatch batch, LossWeights lossWeights, int microBatches) {
    double share = 1.0 / requirePositive(microBatches);
    return scoped(
        "training step",
        scope -> {
          adapter.ifPresent(layers -> layers.beginDropout(batch.dropoutSeed()));
          try {
            return new TrainingPass(stages, weights, recomputes, batch, scope)
                .run(lossWeights, share);
          } finally {
            adapter.ifPresent(LoraLayers::endDropout);
          }
        });
  }

  @Override
  public double accumulate(DistillationBatch batch, int microBatches) {
    double share = 1.0 / requirePositive(microBatches);
    return scoped(
        "distillation step",
        scope -> new DistillationPass(stages, weights, batch, scope).run(share));
  }

  private static int requirePositive(int microBatches) {
    if (microBatches < 1) {
      throw new IllegalArgumentException("micro-batches must be 1 or more, found " + microBatches);
    }
    return microBatches;
  }

  @Override
  public double update(List<Double> rates) {
    if (rates.size() != groups || rates.stream().anyMatch(rate -> !(rate >= 0 && rate < 1e30))) {
      throw new InvalidRequestException(
          "expected a finite rate of 0 or more for each of " + groups + " groups, found " + rates);
    }
    return scoped("update of weights", scope -> weights.update(rates, scope));
  }

  @Override
  public void discardGradients() {
    scoped(
        "discarding gradients",
        scope -> {
          weights.discardGradients();
          return null;
        });
  }

  @Override
  public long updates() {
    return weights.updates();
  }

  @Override
  public void setUpdates(long updates) {
    if (updates < 0) {
      throw new IllegalArgumentException("updates must be 0 or more, found " + updates);
    }
    weights.setUpdates(updates);
  }

  @Override
  public void read(String weight, Slot slot, long from, FloatBuffer target) {
    scoped(
        "reading weights",
        scope -> {
          weights.read(weight, slot, from, target, scope);
          return null;
        });
  }

  @Override
  public void write(String weight, Slot slot, long from, FloatBuffer source) {
    scoped(
        "writing weights",
        scope -> {
          weights.write(weight, slot, from, source, scope);
          return null;
        });
  }

  @Override
  public Backend backend() {
    return stages;
  }

  @Override
  public void close() {
    owned.close();
  }
}
