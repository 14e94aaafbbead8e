package dev.showo2.sampler;

import dev.showo2.sampler.internal.VelocityField;

/** How long a step of dopri5 may be: its tolerance, the first step and the next (appendix C). */
final class StepSize {

  private static final float ABSOLUTE_TOLERANCE = 1e-6f;
  private static final float RELATIVE_TOLERANCE = 1e-3f;
  private static final int ORDER = 5;
  private static final double SAFETY = 0.9;
  private static final double LARGEST_GROWTH = 10;
  private static final double LARGEST_SHRINKING = 0.2;

  private StepSize() {}

  /** The error that is allowed for a value of this size. */
  static float tolerance(float size) {
    return ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * size;
  }

  /** Root mean square; summed in double, nearer to torch's cascade than a plain float sum. */
  static float rms(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value * value;
    }
    return (float) Math.sqrt((float) (sum / values.length));
  }

  /** The first step, from the size of the velocity and how it changes over a tiny step. */
  static double first(VelocityField field, double t0, float[] y0, float[] f0) {
    float d0 = rms(perTolerance(y0, y0));
    float d1 = rms(perTolerance(f0, y0));
    float tiny = d0 < 1e-5f || d1 < 1e-5f ? 1e-6f : 0.01f * d0 / d1;
    float[] y1 = new float[y0.length];
    for (int i = 0; i < y1.length; i++) {
      y1[i] = y0[i] + tiny * f0[i];
    }
    float[] change = field.velocity((float) (t0 + tiny), y1).clone();
    for (int i = 0; i < change.length; i++) {
      change[i] -= f0[i];
    }
    float d2 = rms(perTolerance(change, y0)) / tiny;
    float largest = Math.max(d1, d2);
    float guess =
        largest <= 1e-15f
            ? Math.max(1e-6f, tiny * 1e-3f)
            : (float) StrictMath.pow(1 / largest * 0.01f, 1.0 / ORDER);
    return Math.min(100 * tiny, guess);
  }

  /** The step after one with this error: longer after a good one, shorter after a refused one. */
  static double next(double dt, float errorRatio) {
    if (errorRatio == 0) {
      return dt * LARGEST_GROWTH;
    }
    double least = errorRatio < 1 ? 1 : LARGEST_SHRINKING;
    double factor = SAFETY / StrictMath.pow(errorRatio, 1.0 / ORDER);
    return dt * Math.min(LARGEST_GROWTH, Math.max(factor, least));
  }

  private static float[] perTolerance(float[] values, float[] sizes) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = values[i] / tolerance(Math.abs(sizes[i]));
    }
    return scaled;
  }
}
