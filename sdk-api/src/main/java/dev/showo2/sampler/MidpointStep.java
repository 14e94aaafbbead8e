package dev.showo2.sampler;

import dev.showo2.sampler.internal.VelocityField;

/** An Euler step with the velocity at the middle of the step. */
final class MidpointStep implements StepMethod {

  @Override
  public float[] step(VelocityField field, float t0, float t1, float[] y) {
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
}
