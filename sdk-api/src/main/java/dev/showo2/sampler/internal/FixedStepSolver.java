package dev.showo2.sampler.internal;

/**
 * The explicit Runge-Kutta methods with one step from each time point to the next (SPEC appendix
 * C).
 *
 * <p>Sums are formed in torchdiffeq's order, since 32-bit floats depend on it. Stateless and
 * thread-safe.
 */
final class FixedStepSolver {
  private static final float THIRD = 1f / 3;
  private static final float TWO_THIRDS = 2f / 3;

  private FixedStepSolver() {}

  /** Integrates over time points that have been checked; {@code initial} is not written to. */
  static float[] integrate(
      StepMethod method,
      VelocityField field,
      float[] initial,
      float[] times,
      TrajectoryObserver observer) {
    float[] latents = initial;
    observer.observe(0, times[0], latents);
    for (int i = 1; i < times.length; i++) {
      latents = method.step(field, times[i - 1], times[i], latents);
      observer.observe(i, times[i], latents);
    }
    return latents;
  }

  /** One solver step with a fixed number of evaluations of the velocity. */
  @FunctionalInterface
  interface StepMethod {

    /**
     * @param y the state at t0; not to be written to
     * @return the state at t1, in a new array
     */
    float[] step(VelocityField field, float t0, float t1, float[] y);
  }

  /** Euler's method: y + dt·f(t0, y). */
  static float[] euler(VelocityField field, float t0, float t1, float[] y) {
    float dt = t1 - t0;
    float[] k = field.velocity(t0, y);
    float[] next = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      next[i] = y[i] + dt * k[i];
    }
    return next;
  }

  /** An Euler step with the velocity at the middle of the step. */
  static float[] midpoint(VelocityField field, float t0, float t1, float[] y) {
    float dt = t1 - t0;
    float half = 0.5f * dt;
    float[] k1 = field.velocity(t0, y);
    float[] middle = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      middle[i] = y[i] + k1[i] * half;
    }
    float[] k2 = field.velocity(t0 + half, middle);
    float[] next = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      next[i] = y[i] + dt * k2[i];
    }
    return next;
  }

  /** Heun's third-order method: stages at 0, 1/3 and 2/3, weights 1/4, 0 and 3/4. */
  static float[] heun3(VelocityField field, float t0, float t1, float[] y) {
    float dt = t1 - t0;
    float[] k1 = field.velocity(t0, y);
    float[] stage2 = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      stage2[i] = y[i] + dt * k1[i] * THIRD;
    }
    float[] k2 = field.velocity(t0 + dt * THIRD, stage2);
    float[] stage3 = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      stage3[i] = y[i] + dt * (k2[i] * TWO_THIRDS);
    }
    float[] k3 = field.velocity(t0 + dt * TWO_THIRDS, stage3);
    float[] next = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      next[i] = y[i] + dt * (k1[i] * 0.25f + k3[i] * 0.75f);
    }
    return next;
  }

  /** Kutta's 3/8 rule: stages at 0, 1/3, 2/3 and 1, weights 1/8, 3/8, 3/8 and 1/8. */
  static float[] rk4(VelocityField field, float t0, float t1, float[] y) {
    float dt = t1 - t0;
    float[] k1 = field.velocity(t0, y);
    float[] stage2 = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      stage2[i] = y[i] + dt * k1[i] * THIRD;
    }
    float[] k2 = field.velocity(t0 + dt * THIRD, stage2);
    float[] stage3 = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      stage3[i] = y[i] + dt * (k2[i] - k1[i] * THIRD);
    }
    float[] k3 = field.velocity(t0 + dt * TWO_THIRDS, stage3);
    float[] stage4 = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      stage4[i] = y[i] + dt * (k1[i] - k2[i] + k3[i]);
    }
    float[] k4 = field.velocity(t1, stage4);
    float[] next = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      next[i] = y[i] + (k1[i] + 3 * (k2[i] + k3[i]) + k4[i]) * dt * 0.125f;
    }
    return next;
  }
}
