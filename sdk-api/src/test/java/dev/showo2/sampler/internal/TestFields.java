package dev.showo2.sampler.internal;

import java.util.ArrayList;
import java.util.List;

/** The velocity fields of the golden {@code solvers} and a recorder of evaluations. */
final class TestFields {

  static final float[] RELAXING_START = {0.0f, 1.0f, -2.5f, 0.3f};
  static final float[] COUPLED_START = {0.5f, -1.25f, 2.0f, 0.1f, -0.7f, 1.5f, 0.9f};

  private TestFields() {}

  static float[] relaxing(float t, float[] y) {
    float[] velocity = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      velocity[i] = (float) (-20 * (y[i] - StrictMath.sin(9 * (double) t)));
    }
    return velocity;
  }

  static float[] coupled(float t, float[] y) {
    float[] velocity = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      double left = y[(i + y.length - 1) % y.length];
      velocity[i] = (float) (StrictMath.sin(3 * left) - (double) y[i] * t);
    }
    return velocity;
  }

  /** Records the times of its evaluations. */
  record Recorded(VelocityField field, List<Float> times) implements VelocityField {

    Recorded(VelocityField field) {
      this(field, new ArrayList<>());
    }

    @Override
    public float[] velocity(float time, float[] latents) {
      times.add(time);
      return field.velocity(time, latents);
    }
  }
}
