package dev.showo2.export.internal.calibration;

import dev.showo2.model.Architecture;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;

/**
 * A small image of seeded noise.
 *
 * @param isUsual whether the model takes images of this size. Where its position table serves one
 *     size only, and that is large, the table's first rows have to do.
 * @param latents [1, C, 1, h, w]
 */
record CalibrationImage(TokenGrid grid, boolean isUsual, HostTensor latents) {

  private static final TokenGrid SMALL = new TokenGrid(4, 5);
  private static final int MOST_TOKENS = 64;
  private static final long SEED = 20_26;

  static CalibrationImage of(Architecture architecture) {
    boolean usesWholeTable =
        !architecture.interpolatesPositions() && architecture.imageGrid().tokens() <= MOST_TOKENS;
    TokenGrid grid = usesWholeTable ? architecture.imageGrid() : SMALL;
    int patch = architecture.patchSize();
    Shape shape =
        Shape.of(
            1,
            architecture.vae().latentChannels(),
            1,
            (long) grid.rows() * patch,
            (long) grid.columns() * patch);
    float[] noise = new TorchRandom(SEED).normals(Math.toIntExact(shape.elementCount()));
    return new CalibrationImage(
        grid, usesWholeTable || architecture.interpolatesPositions(), new HostTensor(shape, noise));
  }

  /** What the p×p convolutions with stride p see of each token: [C · p · p, tokens]. */
  Activations patches(int patch, int streams) {
    int channels = Math.toIntExact(latents.shape().dimension(1));
    int width = grid.columns() * patch;
    int frame = grid.tokens() * patch * patch;
    Activations patches = Activations.zeros(channels * patch * patch, grid.tokens(), streams);
    for (int i = 0; i < patches.channels(); i++) {
      int channel = i / (patch * patch);
      int y = i / patch % patch;
      int x = i % patch;
      for (int t = 0; t < patches.columns(); t++) {
        int token = t % grid.tokens();
        int row = token / grid.columns() * patch + y;
        int column = token % grid.columns() * patch + x;
        patches.values()[i][t] = latents.values()[channel * frame + row * width + column];
      }
    }
    return patches;
  }
}
