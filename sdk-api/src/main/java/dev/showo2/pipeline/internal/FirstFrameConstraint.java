package dev.showo2.pipeline.internal;

import dev.showo2.sampler.internal.VelocityField;

/** A velocity that leaves the first latent frame where it is (SPEC 8). */
record FirstFrameConstraint(VelocityField field, LatentFrames frames) implements VelocityField {

  @Override
  public float[] velocity(float time, float[] latents) {
    return frames.withFirstAtZero(field.velocity(time, latents));
  }
}
