package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.NdScopes.scoped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Architecture;
import dev.showo2.spi.support.StageArguments.FusionArguments;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Latents to image tokens on two paths that are then joined, frame by frame (SPEC 2). */
final class DjlFusion implements Fusion {

  private static final double NORM_EPSILON = 1e-6;

  private final DjlContext context;
  private final PatchEmbedding semanticPatches;
  private final PatchEmbedding projectorPatches;
  private final NDArray positions;
  private final SiglipLayers semanticLayers;
  private final UnaryOperator<NDArray> first;
  private final UnaryOperator<NDArray> second;

  DjlFusion(DjlContext context, DjlWeights weights) {
    this.context = context;
    Architecture architecture = context.architecture();
    Architecture.Semantic sizes = architecture.semantic();
    int semantic = sizes.hiddenSize();
    int width = architecture.backbone().hiddenSize();
    int channels = architecture.vae().latentChannels();
    int patch = architecture.patchSize();
    this.semanticPatches =
        PatchEmbedding.of(weights, "image_embedder_und.proj", semantic, channels, patch);
    this.projectorPatches =
        PatchEmbedding.of(weights, "image_embedder_gen.proj", width, channels, patch);
    int side = (int) Math.round(Math.sqrt(sizes.positions()));
    if (architecture.interpolatesPositions() && side * side != sizes.positions()) {
      throw new InvalidModelException(
          "the position table must be a square to be interpolated, found "
              + sizes.positions()
              + " positions; export the checkpoint again");
    }
    this.positions = weights.array("position_embedding.weight", sizes.positions(), semantic);
    this.semanticLayers = SiglipLayers.of(weights, "und_trans.layers.", sizes);
    this.first =
        weights
            .rmsNorm("fusion_proj.0", semantic + width, NORM_EPSILON)
            .then(weights.linear("fusion_proj.1", width, semantic + width))
            .compiled();
    this.second = weights.linear("fusion_proj.3", width, width).compiled();
  }

  @Override
  public Tensor fuse(FusionRequest request) {
    return context.scoped(
        Stage.FUSION,
        scope -> {
          FusionArguments<DjlTensor> checked = context.arguments().fusion(request);
          NDArray latents = NdScopes.view(checked.latents().array(), scope);
          TokenGrid grid = checked.tokens();
          NDArray tokens = fuse(frames(latents), grid);
          if (checked.resized().isPresent()) {
            tokens = context.formulas().videoResize().apply(tokens, grid, checked.resized().get());
          }
          return context.tensor(tokens.reshape(checked.batch(), -1, tokens.getShape().get(2)));
        });
  }

  /** [B, C, T, h, w] to [B · T, C, h, w]. */
  private static NDArray frames(NDArray latents) {
    Shape shape = latents.getShape();
    return latents
        .transpose(0, 2, 1, 3, 4)
        .reshape(shape.get(0) * shape.get(2), shape.get(1), shape.get(3), shape.get(4));
  }

  /**
   * @param frames [N, C, h, w]
   * @return [N, L, D]
   */
  NDArray fuse(NDArray frames, TokenGrid grid) {
    NDArray both = semantic(frames, grid).concat(projectorPatches.apply(frames), 2);
    return scoped(
        both,
        input -> second.apply(context.formulas().fusionActivation().apply(first.apply(input))));
  }

  /**
   * The semantic path.
   *
   * @param frames [N, C, h, w]
   * @return [N, L, E]
   */
  NDArray semantic(NDArray frames, TokenGrid grid) {
    return semanticLayers.apply(
        scoped(frames, input -> semanticPatches.apply(input).add(positions(input, grid))),
        context.formulas().semanticActivation(),
        context::checkRunning);
  }

  /** The table as it is where it was made for the checkpoint's size, else interpolated. */
  private NDArray positions(NDArray frames, TokenGrid grid) {
    NDArray table = NdScopes.view(positions, frames.getManager());
    if (!context.architecture().interpolatesPositions()) {
      return table;
    }
    int side = (int) Math.round(Math.sqrt(context.architecture().semantic().positions()));
    return context.formulas().positionResize().apply(table, new TokenGrid(side, side), grid);
  }
}
