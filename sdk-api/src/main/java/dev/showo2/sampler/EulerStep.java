package dev.showo2.sampler;

import dev.showo2.sampler.internal.VelocityField;

/** y + dt·f(t0, y). */
final class EulerStep implements StepMethod {

  @Override
  public float[] step(VelocityField field, float t0, float t1, float[] y) {
    float dt = t1 - t0;
    float[] k = field.velocity(t0, y);
    float[] next = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      next[i] = y[i] + dt * k[i];
    }
    return next;
  }
}
