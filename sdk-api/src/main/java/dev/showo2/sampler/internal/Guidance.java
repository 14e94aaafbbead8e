package dev.showo2.sampler.internal;

import dev.showo2.error.InvalidRequestException;
import org.apiguardian.api.API;

/**
 * Classifier-free guidance: how far the velocity is pushed from that of the empty prompt towards
 * that of the prompt (SPEC 7). Immutable.
 *
 * @param scale finite and at least 0; 0 and 1 turn guidance off
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record Guidance(float scale) {

  /**
   * @throws InvalidRequestException if the scale is negative or not finite
   */
  public Guidance {
    if (!(scale >= 0) || Float.isInfinite(scale)) {
      throw new InvalidRequestException(
          "guidance: expected a finite number of at least 0; found "
              + scale
              + "; use 0 for no guidance, values from 2 to 8 are usual");
    }
  }

  /** Whether the unconditional velocity is needed at all; without it a run takes half the time. */
  public boolean enabled() {
    // At 1 the formula gives the conditional velocity too, rounded.
    return scale != 0 && scale != 1;
  }

  /**
   * unconditional + scale·(conditional − unconditional) in a new array; when guidance is not {@link
   * #enabled}, the conditional velocity whatever the other is.
   *
   * @throws IllegalArgumentException if the lengths differ
   */
  public float[] combine(float[] unconditional, float[] conditional) {
    if (unconditional.length != conditional.length) {
      throw new IllegalArgumentException(
          "both velocities need the same length, got "
              + unconditional.length
              + " unconditional and "
              + conditional.length
              + " conditional values");
    }
    float[] velocity = conditional.clone();
    if (!enabled()) {
      return velocity;
    }
    for (int i = 0; i < velocity.length; i++) {
      velocity[i] = unconditional[i] + scale * (velocity[i] - unconditional[i]);
    }
    return velocity;
  }
}
