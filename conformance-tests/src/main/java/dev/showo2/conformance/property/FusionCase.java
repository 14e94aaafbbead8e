package dev.showo2.conformance.property;

import dev.showo2.model.Architecture;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.Tensor;
import java.util.Optional;

/**
 * Images or videos, as they are and resized.
 *
 * @param frames 1 for images
 * @param grid tokens of a frame; models whose positions are not interpolated have only one grid,
 *     and that one is taken for them
 * @param resized to which the fused tokens are brought
 */
record FusionCase(int batch, int frames, TokenGrid grid, TokenGrid resized) implements StageCase {

  @Override
  public void run(StageRun run) {
    Architecture sizes = run.sizes();
    TokenGrid tokens = sizes.interpolatesPositions() ? grid : sizes.imageGrid();
    int patch = sizes.patchSize();
    long[] shape = {
      batch,
      sizes.vae().latentChannels(),
      frames,
      (long) tokens.rows() * patch,
      (long) tokens.columns() * patch
    };
    try (Tensor latents = run.noise(shape)) {
      if (run.compares(Stage.FUSION)) {
        run.keep("image tokens", run.backend().fusion().fuse(FusionRequest.of(latents)));
      }
      if (run.compares(Stage.FUSION_RESIZE)) {
        FusionRequest request = new FusionRequest(latents, Optional.of(resized));
        run.keep("resized image tokens", run.backend().fusion().fuse(request));
      }
    }
  }
}
