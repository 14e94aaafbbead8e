package dev.showo2.conformance.internal.reference;

import dev.showo2.model.Architecture;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.spi.support.StageArguments.FusionArguments;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Latents to image tokens on two paths that are then joined, frame by frame (SPEC 2). */
final class ReferenceFusion implements Fusion {

  private static final double NORM_EPSILON = 1e-6;

  private final ReferenceContext context;
  private final Linear semanticPatches;
  private final Linear projectorPatches;
  private final Matrix positions;
  private final SemanticLayers semanticLayers;
  private final double[] norm;
  private final Linear first;
  private final Linear second;
  private final Formulas formulas;

  ReferenceFusion(ReferenceContext context) {
    this.context = context;
    Architecture architecture = context.architecture();
    Weights weights = context.weights();
    this.formulas = context.formulas();
    int semantic = architecture.semantic().hiddenSize();
    int width = architecture.backbone().hiddenSize();
    this.semanticPatches = patchLayer(weights, "image_embedder_und.proj", semantic);
    this.projectorPatches = patchLayer(weights, "image_embedder_gen.proj", width);
    int count = architecture.semantic().positions();
    this.positions =
        new Matrix(
            count, semantic, weights.weight("position_embedding.weight", count, semantic).all());
    this.semanticLayers =
        new SemanticLayers(architecture.semantic(), weights, formulas::semanticActivation);
    this.norm = weights.vector("fusion_proj.0.weight", semantic + width);
    this.first = weights.linear("fusion_proj.1", width, semantic + width);
    this.second = weights.linear("fusion_proj.3", width, width);
  }

  /** A p×p convolution with stride p: a linear layer over patches of C·p·p values. */
  private Linear patchLayer(Weights weights, String key, int out) {
    int patch = context.architecture().patchSize();
    return new Linear(
        weights.weight(
            key + ".weight", out, context.architecture().vae().latentChannels(), patch, patch),
        weights.vector(key + ".bias", out),
        weights.workers());
  }

  @Override
  public Tensor fuse(FusionRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              FusionArguments<HostBackedTensor> checked = context.arguments().fusion(request);
              TokenGrid grid = checked.tokens();
              List<Matrix> tokens = new ArrayList<>();
              for (List<Frame> sample : Frame.samples(checked.latents().values())) {
                for (Frame frame : sample) {
                  Matrix fused = fuse(frame, grid);
                  tokens.add(
                      checked
                          .resized()
                          .map(wanted -> formulas.videoResize().apply(fused, grid, wanted))
                          .orElse(fused));
                }
              }
              Matrix all = Matrix.stack(tokens);
              int batch = checked.batch();
              return context.tensor(all.toTensor(batch, all.rows() / batch, all.columns()));
            });
  }

  /**
   * The semantic path alone.
   *
   * @param latents of images, [N, C, 1, h, w]
   * @return [N, L, E]
   */
  HostTensor semantic(HostTensor latents) {
    int patch = context.architecture().patchSize();
    int images = Math.toIntExact(latents.shape().dimension(0));
    TokenGrid grid =
        new TokenGrid(
            Math.toIntExact(latents.shape().dimension(3)) / patch,
            Math.toIntExact(latents.shape().dimension(4)) / patch);
    List<Matrix> features = new ArrayList<>();
    for (List<Frame> image : Frame.samples(latents)) {
      features.add(semantic(patches(image.get(0), grid), grid));
    }
    Matrix all = Matrix.stack(features);
    return all.toTensor(images, grid.tokens(), all.columns());
  }

  private Matrix semantic(Matrix patches, TokenGrid grid) {
    return semanticLayers.apply(Ops.add(semanticPatches.apply(patches), positions(grid)));
  }

  private Matrix fuse(Frame latent, TokenGrid grid) {
    Matrix patches = patches(latent, grid);
    Matrix semantic = semantic(patches, grid);
    Matrix projected = projectorPatches.apply(patches);
    Matrix both = Ops.rmsNorm(Matrix.beside(semantic, projected), norm, NORM_EPSILON);
    return second.apply(Ops.map(first.apply(both), formulas::fusionActivation));
  }

  /** One patch [C, p, p] per row, row by row of the image. */
  private Matrix patches(Frame latent, TokenGrid grid) {
    int patch = context.architecture().patchSize();
    Matrix patches = Matrix.zeros(grid.tokens(), latent.channels() * patch * patch);
    int next = 0;
    for (int row = 0; row < grid.rows(); row++) {
      for (int column = 0; column < grid.columns(); column++) {
        for (int channel = 0; channel < latent.channels(); channel++) {
          for (int y = row * patch; y < (row + 1) * patch; y++) {
            for (int x = column * patch; x < (column + 1) * patch; x++) {
              patches.values()[next++] =
                  latent.values()[latent.start(channel) + y * latent.width() + x];
            }
          }
        }
      }
    }
    return patches;
  }

  /** The table as it is where it was made for the checkpoint's size, else interpolated. */
  private Matrix positions(TokenGrid grid) {
    if (context.architecture().interpolatesPositions()) {
      int side = (int) Math.round(Math.sqrt(positions.rows()));
      return formulas.positionResize().apply(positions, new TokenGrid(side, side), grid);
    }
    return positions;
  }
}
