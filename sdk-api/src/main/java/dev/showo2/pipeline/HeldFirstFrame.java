package dev.showo2.pipeline;

import dev.showo2.sampler.VelocityField;
import dev.showo2.tensor.Shape;
import java.util.Arrays;

/** A velocity that leaves the first latent frame where it is (SPEC 8). */
record HeldFirstFrame(VelocityField field, Shape latentShape) implements VelocityField {

  @Override
  public float[] velocity(float time, float[] latents) {
    float[] velocity = field.velocity(time, latents).clone();
    int frame = Math.toIntExact(latentShape.dimension(3) * latentShape.dimension(4));
    int channel = frame * Math.toIntExact(latentShape.dimension(2));
    for (int start = 0; start < velocity.length; start += channel) {
      Arrays.fill(velocity, start, start + frame, 0f);
    }
    return velocity;
  }
}
