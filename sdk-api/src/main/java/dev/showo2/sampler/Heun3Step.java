package dev.showo2.sampler;

import dev.showo2.sampler.internal.VelocityField;

/** Heun's third-order method: stages at 0, 1/3 and 2/3, weights 1/4, 0 and 3/4. */
final class Heun3Step implements StepMethod {

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
      stage3[i] = y[i] + dt * (k2[i] * TWO_THIRDS);
    }
    float[] k3 = field.velocity(t0 + dt * TWO_THIRDS, stage3);
    float[] next = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      next[i] = y[i] + dt * (k1[i] * 0.25f + k3[i] * 0.75f);
    }
    return next;
  }
}
