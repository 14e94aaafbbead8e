package dev.showo2.pipeline.internal;

import dev.showo2.sampler.internal.VelocityField;
import org.apiguardian.api.API;

/**
 * A velocity for inpainting: the model's for masked latents, and for all others the constant one
 * from their noise to their known values. At time t these equal t·known + (1−t)·noise, which is the
 * noise level that the model expects (SPEC 10, linear path).
 *
 * @param field the model's velocity
 * @param known latents at the end [C · h · w]
 * @param noise latents at the beginning, likewise
 * @param free [h · w], 1 where the model decides, 0 where the latents are known
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
@API(status = API.Status.INTERNAL, since = "0.1")
public record InpaintingVelocity(VelocityField field, float[] known, float[] noise, float[] free)
    implements VelocityField {

  @Override
  public float[] velocity(float time, float[] latents) {
    float[] velocity = field.velocity(time, latents).clone();
    for (int i = 0; i < velocity.length; i++) {
      float share = free[i % free.length];
      velocity[i] = share * velocity[i] + (1 - share) * (known[i] - noise[i]);
    }
    return velocity;
  }

  /**
   * Replaces known latents by their exact values, which rounding changes.
   *
   * @param latents at the end [C · h · w]; not written to
   * @param known exact values [C · h · w]
   * @param free [h · w], 0 where the latents are known
   * @return a copy of the latents with exact known values
   */
  public static float[] restored(float[] latents, float[] known, float[] free) {
    float[] restored = latents.clone();
    for (int i = 0; i < restored.length; i++) {
      if (free[i % free.length] == 0) {
        restored[i] = known[i];
      }
    }
    return restored;
  }
}
