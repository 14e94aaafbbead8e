package dev.showo2.sampler;

import dev.showo2.sampler.internal.VelocityField;

/** Kutta's 3/8 rule: stages at 0, 1/3, 2/3 and 1, weights 1/8, 3/8, 3/8 and 1/8. */
final class Rk4Step implements StepMethod {

  private static final float THIRD = 1f / 3;
  private static final float TWO_THIRDS = 2f / 3;

  @Override
  public float[] step(VelocityField field, float t0, float t1, float[] y) {
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
