package dev.showo2.pipeline.internal;

import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sampler.internal.VelocityField;
import dev.showo2.sampler.internal.VelocityLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;

/**
 * The velocity of latents under classifier-free guidance. Both branches see the same latents and
 * time, so fusion and time embedding run once a step for the two (SPEC 7).
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
    int batch = Math.toIntExact(latentShape.dimension(0));
    try (Tensor uploaded = backend.upload(new HostTensor(latentShape, latents));
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded));
        TimeFeatures features =
            backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, batch))) {
      float[] withPrompt = latentVelocity(branches.conditional(), features, image);
      if (!guidance.enabled()) {
        return withPrompt;
      }
      float[] without = latentVelocity(branches.unconditional().orElseThrow(), features, image);
      return guidance.combine(without, withPrompt);
    }
  }

  private float[] latentVelocity(DenoisingBranch branch, TimeFeatures time, Tensor image) {
    return VelocityLayout.unpatchify(
            branch.velocity(time, image),
            Math.toIntExact(latentShape.dimension(2)),
            Math.toIntExact(latentShape.dimension(3)),
            Math.toIntExact(latentShape.dimension(4)))
        .values();
  }
}
