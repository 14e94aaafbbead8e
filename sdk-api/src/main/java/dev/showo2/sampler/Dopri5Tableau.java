package dev.showo2.sampler;

/** Dormand and Prince's coefficients, rounded to the float type of the state (SPEC appendix C). */
final class Dopri5Tableau {

  static final int STAGES = 7;

  /** Where in the step each stage after the first is evaluated. */
  static final float[] NODES = floats(1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1);

  /** How the stages so far make the state of the next; the last row is the solution itself. */
  static final float[][] STATES = {
    floats(1.0 / 5),
    floats(3.0 / 40, 9.0 / 40),
    floats(44.0 / 45, -56.0 / 15, 32.0 / 9),
    floats(19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729),
    floats(9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656),
    floats(35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84)
  };

  /** The solution of fifth order minus the embedded one. */
  static final float[] ERROR =
      floats(
          35.0 / 384 - 1951.0 / 21600,
          0,
          500.0 / 1113 - 22642.0 / 50085,
          125.0 / 192 - 451.0 / 720,
          -2187.0 / 6784 + 12231.0 / 42400,
          11.0 / 84 - 649.0 / 6300,
          -1.0 / 60);

  /** The state in the middle of the step, for the interpolation. */
  static final float[] MIDDLE =
      floats(
          6025192743.0 / 30085553152.0 / 2,
          0,
          51252292925.0 / 65400821598.0 / 2,
          -2691868925.0 / 45128329728.0 / 2,
          187940372067.0 / 1594534317056.0 / 2,
          -1776094331.0 / 19743644256.0 / 2,
          11237099.0 / 235043384.0 / 2);

  private Dopri5Tableau() {}

  /** The weights times the step size, as torch rounds them before it meets the stages. */
  static float[] scaled(float[] weights, float dt) {
    float[] scaled = new float[weights.length];
    for (int s = 0; s < weights.length; s++) {
      scaled[s] = weights[s] * dt;
    }
    return scaled;
  }

  /**
   * Σ weight·stage for one element. The stages after the fourth come before the second, because
   * torch sums a short row in four lanes and its remainder in the first of them.
   */
  static float combine(float[][] stages, float[] weights, int element) {
    float sum = stages[0][element] * weights[0];
    for (int s = 4; s < weights.length; s++) {
      sum += stages[s][element] * weights[s];
    }
    for (int s = 1; s < Math.min(4, weights.length); s++) {
      sum += stages[s][element] * weights[s];
    }
    return sum;
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
