package dev.showo2.conformance.wrapper;

import dev.showo2.model.Architecture;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;

/** Latents [B, C, T, h, w] to image tokens [B, T·(h/p)·(w/p), D], or as many as a grid has. */
record AssertingFusion(Watch watch, Fusion real) implements Fusion {

  @Override
  public Tensor fuse(FusionRequest request) {
    try (Call call = watch.begin("Fusion.fuse")) {
      call.requirePresent("request", request);
      Architecture architecture = watch.architecture();
      int patch = architecture.patchSize();
      AssertingTensor latents =
          call.tensor(
              "latents",
              request.latents(),
              Call.ANY,
              architecture.vae().latentChannels(),
              Call.ANY,
              Call.ANY,
              Call.ANY);
      call.callerOwes(
          latents.dimension(3) % patch == 0 && latents.dimension(4) % patch == 0,
          "latents with h and w in multiples of " + patch,
          latents.known());
      long perFrame =
          request
              .grid()
              .map(grid -> (long) grid.tokens())
              .orElse(latents.dimension(3) / patch * (latents.dimension(4) / patch));
      Tensor tokens =
          call.runIf(
              request.grid().isPresent() ? Stage.FUSION_RESIZE : Stage.FUSION,
              () -> real.fuse(FusionRequest.of(latents.real(), request.grid())));
      return call.done(
          call.given(
              "tokens",
              tokens,
              latents.dimension(0),
              latents.dimension(2) * perFrame,
              architecture.backbone().hiddenSize()));
    }
  }
}
