package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.Gradients.backward;
import static dev.showo2.backend.djl.Gradients.recording;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.DistillationBatch;
import java.util.List;

/**
 * The loss of the semantic layers against a teacher, −mean log cos (SPEC 10). The logarithm goes on
 * as its tangent below a small cosine, so that features that point away are turned too.
 */
final class DistillationPass {

  private static final double SMALL = 1e-3;

  private static final TorchScript LOSS =
      TorchScript.compile(
          "c = torch.cosine_similarity(x, y, -1, 1e-8)",
          "torch.neg(torch.mean(torch.where(torch.gt(c, small), torch.log(torch.clamp_min(c, small)),"
                  .replace("small", TrainedWeights.literal(SMALL))
              + " torch.add(torch.mul(torch.sub(c, "
              + TrainedWeights.literal(SMALL)
              + "), "
              + TrainedWeights.literal(1 / SMALL)
              + "), "
              + TrainedWeights.literal(Math.log(SMALL))
              + "))))",
          new String[] {"x", "y"});

  /** Beginnings of the names of the weights on which the loss depends. */
  private static final List<String> SEMANTIC =
      List.of("und_trans", "image_embedder_und", "position_embedding");

  private final DjlBackend stages;
  private final TrainedWeights weights;
  private final DistillationBatch batch;
  private final NDManager scope;

  /**
   * @param scope to which everything belongs that is made
   * @throws InvalidRequestException if the batch does not fit the model
   */
  DistillationPass(
      DjlBackend stages, TrainedWeights weights, DistillationBatch batch, NDManager scope) {
    this.stages = stages;
    this.weights = weights;
    this.batch = batch;
    this.scope = scope;
    Architecture architecture = stages.context().architecture();
    Shape latents = batch.latents().shape();
    Shape features = batch.features().shape();
    int patch = architecture.patchSize();
    long tokens = latents.dimension(2) / patch * (latents.dimension(3) / patch);
    if (latents.dimension(1) != architecture.vae().latentChannels()
        || latents.dimension(2) % patch != 0
        || latents.dimension(3) % patch != 0
        || tokens == 0
        || features.dimension(1) != tokens
        || features.dimension(2) != architecture.semantic().hiddenSize()) {
      throw new InvalidRequestException(
          "expected latents [N, "
              + architecture.vae().latentChannels()
              + ", h, w] with h and w multiples of "
              + patch
              + ", and a feature of "
              + architecture.semantic().hiddenSize()
              + " values for each of their tokens, found "
              + latents
              + " and "
              + features);
    }
  }

  /**
   * Computes the loss and adds its gradients to those of the step.
   *
   * @param share of the loss
   */
  double run(double share) {
    weights.reach(key -> SEMANTIC.stream().anyMatch(key::startsWith));
    Shape shape = batch.latents().shape();
    int patch = stages.context().architecture().patchSize();
    TokenGrid grid =
        new TokenGrid((int) shape.dimension(2) / patch, (int) shape.dimension(3) / patch);
    NDArray teacher = array(batch.features());
    NDArray latents = array(batch.latents());
    NDArray loss = recording(() -> LOSS.call(stages.fusion().semantic(latents, grid), teacher));
    double value = loss.getFloat();
    backward(loss, share);
    return value;
  }

  private NDArray array(HostTensor tensor) {
    return NdScopes.copyOf(
        tensor.values(), new ai.djl.ndarray.types.Shape(tensor.shape().toArray()), scope);
  }
}
