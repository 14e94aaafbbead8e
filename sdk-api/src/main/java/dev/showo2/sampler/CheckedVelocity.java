package dev.showo2.sampler;

import dev.showo2.error.BackendException;
import dev.showo2.sampler.internal.VelocityField;

/** Stops at the first velocity that would spoil the latents, where its cause is still known. */
record CheckedVelocity(VelocityField field) implements VelocityField {

  @Override
  public float[] velocity(float time, float[] latents) {
    float[] velocity = field.velocity(time, latents);
    if (velocity.length != latents.length) {
      throw new BackendException(
          "velocity at time "
              + time
              + ": expected "
              + latents.length
              + " values, one for each latent; found "
              + velocity.length
              + "; the flow head or the velocity field is at fault");
    }
    for (int i = 0; i < velocity.length; i++) {
      if (!Float.isFinite(velocity[i])) {
        throw new BackendException(
            "velocity at time "
                + time
                + ": expected finite values; found "
                + velocity[i]
                + " at index "
                + i
                + "; the model overflows in this precision or its weights are damaged; run it in"
                + " 32-bit floats, and check the bundle if that does not help");
      }
    }
    return velocity;
  }
}
