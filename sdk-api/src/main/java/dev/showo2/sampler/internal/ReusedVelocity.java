package dev.showo2.sampler.internal;

import dev.showo2.sampler.StepReuse;
import org.apiguardian.api.API;

/**
 * A velocity that is extrapolated in some steps from those that were computed before. Each instance
 * is for one integration by a solver that asks once a step. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ReusedVelocity implements VelocityField {

  private final VelocityField field;
  private final StepReuse reuse;
  private final int steps;

  private int step;
  private Evaluation last;
  private Evaluation beforeLast;

  /** The latents of the step before. */
  private float[] previous;

  /** Expected relative change of the velocity since it was computed. */
  private double expectedChange;

  private record Evaluation(float time, float[] latents, float[] velocity) {}

  /**
   * Reuses velocities.
   *
   * @param field the velocity as it is computed
   * @param reuse in which steps
   * @param steps solver steps of the integration
   */
  public ReusedVelocity(VelocityField field, StepReuse reuse, int steps) {
    this.field = field;
    this.reuse = reuse;
    this.steps = steps;
  }

  @Override
  public float[] velocity(float time, float[] latents) {
    boolean computed = isComputed(latents);
    step++;
    previous = latents;
    if (!computed) {
      return extrapolated(time);
    }
    beforeLast = last;
    last = new Evaluation(time, latents, field.velocity(time, latents));
    expectedChange = 0;
    return last.velocity;
  }

  private boolean isComputed(float[] latents) {
    if (isComputedAlways(step, steps)) {
      return true;
    }
    if (reuse.tolerance() > 0) {
      double rate =
          distance(last.velocity, beforeLast.velocity) / distance(last.latents, beforeLast.latents);
      expectedChange += rate * distance(latents, previous) / norm(last.velocity);
      // Not a number where nothing moves at all: then nothing can be known of the rate.
      return !(expectedChange < reuse.tolerance());
    }
    return isTurn(step, reuse.velocitySteps());
  }

  /** Whether a step is one of those that approximations leave alone: the first two and the last. */
  public static boolean isComputedAlways(int step, int steps) {
    return step < 2 || step == steps - 1;
  }

  /** Whether it is a step's turn, where one of several is computed; counted from the second on. */
  public static boolean isTurn(int step, int every) {
    return (step - 1) % every == 0;
  }

  private float[] extrapolated(float time) {
    float weight = (time - last.time) / (last.time - beforeLast.time);
    float[] velocity = new float[last.velocity.length];
    for (int i = 0; i < velocity.length; i++) {
      velocity[i] = last.velocity[i] + weight * (last.velocity[i] - beforeLast.velocity[i]);
    }
    return velocity;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = a[i] - b[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  private static double norm(float[] a) {
    double sum = 0;
    for (float value : a) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
