package dev.showo2.pipeline;

import dev.showo2.sampler.Guidance;
import dev.showo2.sampler.VelocityField;
import dev.showo2.sampler.VelocityLayout;
import dev.showo2.sequence.Segment;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Optional;

/**
 * The velocity of latents under classifier-free guidance. Both branches see the same latents and
 * time, so fusion and time embedding run once a step for the two (SPEC 7).
 */
final class GuidedVelocity implements VelocityField, AutoCloseable {

  private final Backend backend;
  private final Shape latentShape;
  private final Guidance guidance;
  private final DenoisingBranch conditional;
  private final Optional<DenoisingBranch> unconditional;

  private GuidedVelocity(
      Backend backend,
      Shape latentShape,
      Guidance guidance,
      DenoisingBranch conditional,
      Optional<DenoisingBranch> unconditional) {
    this.backend = backend;
    this.latentShape = latentShape;
    this.guidance = guidance;
    this.conditional = conditional;
    this.unconditional = unconditional;
  }

  /**
   * @param latentShape [B, C, T, h, w]
   * @param prompt what comes before the image
   * @param empty what comes before the image without a prompt
   */
  static GuidedVelocity start(
      Backend backend, Shape latentShape, Guidance guidance, Segment prompt, Segment empty) {
    int batch = Math.toIntExact(latentShape.dimension(0));
    DenoisingBranch conditional = DenoisingBranch.start(backend, prompt, batch);
    try {
      Optional<DenoisingBranch> unconditional =
          guidance.enabled()
              ? Optional.of(DenoisingBranch.start(backend, empty, batch))
              : Optional.empty();
      return new GuidedVelocity(backend, latentShape, guidance, conditional, unconditional);
    } catch (RuntimeException | Error e) {
      try (conditional) {
        throw e;
      }
    }
  }

  @Override
  public float[] velocity(float time, float[] latents) {
    int batch = Math.toIntExact(latentShape.dimension(0));
    try (Tensor uploaded = backend.upload(new HostTensor(latentShape, latents));
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded));
        TimeFeatures features =
            backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, batch))) {
      float[] withPrompt = latentVelocity(conditional, features, image);
      if (unconditional.isEmpty()) {
        return withPrompt;
      }
      float[] without = latentVelocity(unconditional.get(), features, image);
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

  @Override
  public void close() {
    try (conditional) {
      unconditional.ifPresent(DenoisingBranch::close);
    }
  }
}
