package dev.showo2.pipeline.internal;

import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sampler.internal.VelocityField;
import dev.showo2.spi.Backend;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;

/**
 * The velocity of latents under classifier-free guidance, by the backend's denoising step (SPEC 7).
 *
 * @param latentShape [B, C, T, h, w]
 * @param guidance where it is off, the conditional branch runs alone
 * @param branches stay open
 */
record GuidedVelocity(
    Backend backend, Shape latentShape, Guidance guidance, DenoisingBranches branches)
    implements VelocityField {

  @Override
  public float[] velocity(float time, float[] latents) {
    try (Tensor uploaded = backend.upload(new HostTensor(latentShape, latents));
        Tensor velocity = backend.denoiseStep().velocity(request(time, uploaded))) {
      return velocity.toHost().values();
    }
  }

  private DenoiseStepRequest request(float time, Tensor latents) {
    DenoiseStepRequest.Builder request =
        DenoiseStepRequest.builder(latents, time, branches.conditional().caches());
    if (guidance.enabled()) {
      request.guidance(branches.unconditional().orElseThrow().caches(), guidance.scale());
    }
    return request.build();
  }
}
