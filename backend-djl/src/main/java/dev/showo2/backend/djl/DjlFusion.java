package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.NdScopes.replaced;
import static dev.showo2.backend.djl.NdScopes.scoped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Architecture;
import dev.showo2.spi.support.StageArguments.FusionArguments;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Latents to image tokens on two paths that are then joined, frame by frame (SPEC 2). */
final class DjlFusion implements Fusion {

  private static final double NORM_EPSILON = 1e-6;

  private final DjlContext context;
  private final PatchEmbedding semanticPatches;
  private final PatchEmbedding projectorPatches;
  private final NDArray positions;
  private final List<SemanticLayer> semanticLayers = new ArrayList<>();
  private final RmsNorm norm;
  private final DjlLinear first;
  private final DjlLinear second;

  DjlFusion(DjlContext context, DjlWeights weights) {
    this.context = context;
    Architecture architecture = context.architecture();
    Architecture.Semantic sizes = architecture.semantic();
    int semantic = sizes.hiddenSize();
    int width = architecture.backbone().hiddenSize();
    this.semanticPatches =
        PatchEmbedding.of(weights, "image_embedder_und.proj", semantic, architecture);
    this.projectorPatches =
        PatchEmbedding.of(weights, "image_embedder_gen.proj", width, architecture);
    int side = (int) Math.round(Math.sqrt(sizes.positions()));
    if (architecture.interpolatesPositions() && side * side != sizes.positions()) {
      throw new InvalidModelException(
          "the position table must be a square to be interpolated, found "
              + sizes.positions()
              + " positions; export the checkpoint again");
    }
    this.positions = weights.array("position_embedding.weight", sizes.positions(), semantic);
    for (int layer = 0; layer < sizes.layers(); layer++) {
      semanticLayers.add(SemanticLayer.of(weights, layer, sizes));
    }
    this.norm = weights.rmsNorm("fusion_proj.0", semantic + width, NORM_EPSILON);
    this.first = weights.linear("fusion_proj.1", width, semantic + width);
    this.second = weights.linear("fusion_proj.3", width, width);
  }

  /** A p×p convolution with stride p: one token for each patch. */
  private record PatchEmbedding(NDArray kernel, NDArray bias, Shape stride) {

    static PatchEmbedding of(DjlWeights weights, String key, int out, Architecture architecture) {
      int patch = architecture.patchSize();
      int channels = architecture.vae().latentChannels();
      return new PatchEmbedding(
          weights.array(key + ".weight", out, channels, patch, patch),
          weights.array(key + ".bias", out),
          new Shape(patch, patch));
    }

    /**
     * @param frames [N, C, h, w]
     * @return [N, L, out]
     */
    NDArray apply(NDArray frames) {
      NDArray grid = Conv2d.conv2d(frames, kernel, bias, stride).singletonOrThrow();
      return grid.flatten(2, 3).transpose(0, 2, 1);
    }
  }

  /** A norm with mean and bias. */
  private record LayerNorm(NDArray gain, NDArray bias, float epsilon) {

    static LayerNorm of(DjlWeights weights, String key, Architecture.Semantic sizes) {
      int width = sizes.hiddenSize();
      return new LayerNorm(
          weights.array(key + ".weight", width),
          weights.array(key + ".bias", width),
          (float) sizes.normEpsilon());
    }

    NDArray apply(NDArray x) {
      return x.getNDArrayInternal()
          .layerNorm(x, gain.getShape(), gain, bias, epsilon)
          .singletonOrThrow();
    }
  }

  /** A SigLIP encoder layer: norm first, full attention. */
  private record SemanticLayer(
      int heads,
      LayerNorm firstNorm,
      DjlLinear query,
      DjlLinear key,
      DjlLinear value,
      DjlLinear output,
      LayerNorm secondNorm,
      DjlLinear wide,
      DjlLinear narrow) {

    static SemanticLayer of(DjlWeights weights, int index, Architecture.Semantic sizes) {
      String name = "und_trans.layers." + index;
      int width = sizes.hiddenSize();
      int inner = sizes.feedForwardSize();
      return new SemanticLayer(
          sizes.heads(),
          LayerNorm.of(weights, name + ".layer_norm1", sizes),
          weights.linear(name + ".self_attn.q_proj", width, width),
          weights.linear(name + ".self_attn.k_proj", width, width),
          weights.linear(name + ".self_attn.v_proj", width, width),
          weights.linear(name + ".self_attn.out_proj", width, width),
          LayerNorm.of(weights, name + ".layer_norm2", sizes),
          weights.linear(name + ".mlp.fc1", inner, width),
          weights.linear(name + ".mlp.fc2", width, inner));
    }

    /**
     * @param x tokens of frames [N, L, E]
     */
    NDArray apply(NDArray x, DjlContext context) {
      NDArray attended =
          x.add(scoped(x, input -> attend(firstNorm.apply(input), context.attention())));
      return attended.add(
          scoped(
              attended,
              input ->
                  narrow.apply(
                      context
                          .formulas()
                          .semanticActivation()
                          .apply(wide.apply(secondNorm.apply(input))))));
    }

    private NDArray attend(NDArray x, OmniAttention attention) {
      NDArray mixed =
          attention.full(heads(query.apply(x)), heads(key.apply(x)), heads(value.apply(x)));
      return output.apply(mixed.transpose(0, 2, 1, 3).reshape(x.getShape()));
    }

    private NDArray heads(NDArray x) {
      Shape shape = x.getShape();
      return x.reshape(shape.get(0), shape.get(1), heads, -1).transpose(0, 2, 1, 3);
    }
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
        input ->
            second.apply(
                context.formulas().fusionActivation().apply(first.apply(norm.apply(input)))));
  }

  /**
   * The semantic path.
   *
   * @param frames [N, C, h, w]
   * @return [N, L, E]
   */
  NDArray semantic(NDArray frames, TokenGrid grid) {
    NDArray semantic =
        scoped(frames, input -> semanticPatches.apply(input).add(positions(input, grid)));
    for (SemanticLayer layer : semanticLayers) {
      context.checkRunning();
      semantic = replaced(semantic, input -> layer.apply(input, context));
    }
    return semantic;
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
