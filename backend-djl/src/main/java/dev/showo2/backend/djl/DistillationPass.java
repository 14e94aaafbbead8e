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
import dev.showo2.train.TrainedPart;
import dev.showo2.train.spi.DistillationBatch;

/**
 * The loss of the semantic layers against a teacher, −mean log cos (SPEC 10). The logarithm goes on
 * as its tangent below a small cosine, so that features that point away are turned too.
 */
final class DistillationPass {

  private static final double SMALL = 1e-3;

  private static final TorchScript LOSS =
      TorchScript.compile(
          "c = torch.cosine_similarity(x, y, -1, 1e-8)",
          """
          torch.neg(torch.mean(torch.where(torch.gt(c, small), torch.log(torch.clamp_min(c, small)), \
          torch.add(torch.mul(torch.sub(c, small), slope), least))))"""
              .replace("small", TorchScript.literal(SMALL))
              .replace("slope", TorchScript.literal(1 / SMALL))
              .replace("least", TorchScript.literal(Math.log(SMALL))),
          new String[] {"x", "y"});

  private final DjlBackend stages;
  private final TrainedWeights weights;
  private final DistillationBatch batch;
  private final NDManager scope;
  private final TokenGrid grid;

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
    this.grid = BatchLayout.grid(batch.latents().shape(), architecture);
    Shape features = batch.features().shape();
    if (features.dimension(1) != grid.tokens()
        || features.dimension(2) != architecture.semantic().hiddenSize()) {
      throw new InvalidRequestException(
          "expected a feature of "
              + architecture.semantic().hiddenSize()
              + " values for each of "
              + grid.tokens()
              + " tokens, found "
              + features);
    }
  }

  /**
   * Computes the loss and adds its gradients to those of the step.
   *
   * @param share of the loss
   */
  double run(double share) {
    weights.reach(key -> TrainedPart.SEMANTIC.groups().stream().anyMatch(g -> g.contains(key)));
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
