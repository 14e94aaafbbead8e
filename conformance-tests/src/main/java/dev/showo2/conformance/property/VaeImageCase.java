package dev.showo2.conformance.property;

import static dev.showo2.model.Architecture.VAE_SPATIAL_FACTOR;

import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;

/**
 * Images to latents and latents to images.
 *
 * @param height in latents
 * @param width in latents
 */
record VaeImageCase(int batch, int height, int width) implements StageCase {

  @Override
  public void run(StageRun run) {
    long rows = (long) height * VAE_SPATIAL_FACTOR;
    long columns = (long) width * VAE_SPATIAL_FACTOR;
    if (run.compares(Stage.VAE_IMAGE_ENCODER)) {
      try (Tensor pixels = run.pixels(batch, 3, 1, rows, columns);
          LatentDistribution latents = run.backend().vaeEncoder().encodeImage(pixels)) {
        run.keep("mean", latents.mean());
        run.keep("log-variance", latents.logVariance());
      }
    }
    if (run.compares(Stage.VAE_IMAGE_DECODER)) {
      int channels = run.sizes().vae().latentChannels();
      try (Tensor latents = run.noise(batch, channels, 1, height, width)) {
        run.keep("pixels", run.backend().vaeDecoder().decodeImage(latents));
      }
    }
  }
}
