package dev.showo2.conformance.internal.check;

import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.Optional;

/** Fusion from host tensors to host tensors. */
final class Fusing {

  private Fusing() {}

  /** Latents of one token grid: [B, C, T, h, w]. */
  static HostTensor latents(CheckContext trial, long seed, int batch, int frames, TokenGrid grid) {
    Architecture architecture = trial.bundle().architecture();
    int patch = architecture.patchSize();
    int channels = architecture.vae().latentChannels();
    return Inputs.normal(
        seed, batch, channels, frames, grid.rows() * patch, grid.columns() * patch);
  }

  /** Latents of the size that the checkpoint was made for. */
  static HostTensor latents(CheckContext trial, long seed, int batch, int frames) {
    return latents(trial, seed, batch, frames, trial.bundle().architecture().imageGrid());
  }

  static HostTensor fuse(Backend backend, HostTensor latents) {
    return fuse(backend, latents, Optional.empty());
  }

  /** Tokens resized to a grid. */
  static HostTensor fuse(Backend backend, HostTensor latents, TokenGrid grid) {
    return fuse(backend, latents, Optional.of(grid));
  }

  private static HostTensor fuse(Backend backend, HostTensor latents, Optional<TokenGrid> grid) {
    try (Tensor input = backend.upload(latents);
        Tensor tokens = backend.fusion().fuse(new FusionRequest(input, grid))) {
      return tokens.toHost();
    }
  }
}
