package dev.showo2.conformance.property;

import static dev.showo2.model.Architecture.VAE_SPATIAL_FACTOR;
import static dev.showo2.model.Architecture.VAE_TEMPORAL_FACTOR;

import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;

/**
 * Videos to latents and latents to videos, chunk by chunk.
 *
 * @param frames latent frames
 * @param height in latents
 * @param width in latents
 */
record VaeVideoCase(int batch, int frames, int height, int width) implements StageCase {

  @Override
  public void run(StageRun run) {
    if (run.compares(Stage.VAE_VIDEO_ENCODER)) {
      encode(run);
    }
    if (run.compares(Stage.VAE_VIDEO_DECODER)) {
      decode(run);
    }
  }

  private void encode(StageRun run) {
    long rows = (long) height * VAE_SPATIAL_FACTOR;
    long columns = (long) width * VAE_SPATIAL_FACTOR;
    try (VaeEncoderStream stream =
        run.backend().vaeEncoder().openStream(VaeStreamRequest.unspecified())) {
      for (int frame = 0; frame < frames; frame++) {
        int chunk = frame == 0 ? 1 : VAE_TEMPORAL_FACTOR;
        try (Tensor pixels = run.pixels(batch, 3, chunk, rows, columns);
            LatentDistribution latents = stream.encode(pixels)) {
          run.keep("mean of frame " + frame, latents.mean());
          run.keep("log-variance of frame " + frame, latents.logVariance());
        }
      }
    }
  }

  private void decode(StageRun run) {
    int channels = run.sizes().vae().latentChannels();
    try (VaeDecoderStream stream =
        run.backend().vaeDecoder().openStream(VaeStreamRequest.unspecified())) {
      for (int frame = 0; frame < frames; frame++) {
        try (Tensor latents = run.noise(batch, channels, 1, height, width)) {
          run.keep("pixels of latent frame " + frame, stream.decode(latents));
        }
      }
    }
  }
}
