package dev.showo2.conformance.reference;

import dev.showo2.model.Architecture;
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

  private final Architecture architecture;
  private final Linear semanticPatches;
  private final Linear projectorPatches;
  private final Matrix positions;
  private final SemanticLayers semanticLayers;
  private final double[] norm;
  private final Linear first;
  private final Linear second;
  private final Formulas formulas;
  private final Lifetime lifetime;

  ReferenceFusion(
      Architecture architecture, Weights weights, Formulas formulas, Lifetime lifetime) {
    this.architecture = architecture;
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
    this.formulas = formulas;
    this.lifetime = lifetime;
  }

  /** A p×p convolution with stride p: a linear layer over patches of C·p·p values. */
  private Linear patchLayer(Weights weights, String key, int out) {
    int patch = architecture.patchSize();
    return new Linear(
        weights.weight(key + ".weight", out, architecture.vae().latentChannels(), patch, patch),
        weights.vector(key + ".bias", out),
        weights.workers());
  }

  @Override
  public Tensor fuse(FusionRequest request) {
    return lifetime.whileOpen(
        () -> {
          HostTensor latents = checked(request.latents());
          List<Matrix> tokens = new ArrayList<>();
          List<List<Frame>> samples = Frame.samples(latents);
          for (List<Frame> sample : samples) {
            for (Frame frame : sample) {
              TokenGrid grid = grid(frame);
              Matrix fused = fuse(frame, grid);
              tokens.add(
                  request
                      .grid()
                      .map(wanted -> formulas.videoResize().apply(fused, grid, wanted))
                      .orElse(fused));
            }
          }
          Matrix all = Matrix.stack(tokens);
          int batch = samples.size();
          return new ReferenceTensor(
              all.toTensor(batch, all.rows() / batch, all.columns()), lifetime);
        });
  }

  private Matrix fuse(Frame latent, TokenGrid grid) {
    Matrix patches = patches(latent, grid);
    Matrix semantic = Ops.add(semanticPatches.apply(patches), positions(grid));
    semantic = semanticLayers.apply(semantic);
    Matrix projected = projectorPatches.apply(patches);
    Matrix both = Ops.rmsNorm(Matrix.beside(semantic, projected), norm, NORM_EPSILON);
    return second.apply(Ops.map(first.apply(both), formulas::fusionActivation));
  }

  private HostTensor checked(Tensor tensor) {
    int channels = architecture.vae().latentChannels();
    String what = "latents [B, " + channels + ", T, h, w]";
    HostTensor latents = ReferenceTensor.require(tensor, lifetime, what, -1, channels, -1, -1, -1);
    int patch = architecture.patchSize();
    if (latents.shape().dimension(3) % patch != 0 || latents.shape().dimension(4) % patch != 0) {
      throw new IllegalArgumentException(
          what + " with h and w in multiples of " + patch + " is needed, found " + latents.shape());
    }
    return latents;
  }

  private TokenGrid grid(Frame latent) {
    int patch = architecture.patchSize();
    return new TokenGrid(latent.height() / patch, latent.width() / patch);
  }

  /** One patch [C, p, p] per row, row by row of the image. */
  private Matrix patches(Frame latent, TokenGrid grid) {
    int patch = architecture.patchSize();
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
    if (architecture.interpolatesPositions()) {
      int side = (int) Math.round(Math.sqrt(positions.rows()));
      return formulas.positionResize().apply(positions, new TokenGrid(side, side), grid);
    }
    if (grid.tokens() != positions.rows()) {
      throw new IllegalArgumentException(
          "latents: this checkpoint has positions for "
              + architecture.imageGrid()
              + " tokens only, found "
              + grid);
    }
    return positions;
  }
}
