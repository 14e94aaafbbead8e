package dev.showo2.sampler.internal;

import dev.showo2.error.BackendException;

/**
 * Dormand and Prince's method with adaptive step size, as in torchdiffeq (SPEC appendix C): solver
 * steps do not end at the time points, values there are interpolated.
 *
 * <p>Times and step sizes are doubles; the state and everything computed from it are floats.
 */
final class Dopri5 {

  /** Smooth fields take some tens of solver steps; more than this would not terminate. */
  static final int MAX_STEPS = 1000;

  private Dopri5() {}

  /** Integrates over time points that have been checked; {@code initial} is not written to. */
  static float[] integrate(
      VelocityField field, float[] initial, float[] times, TrajectoryObserver observer) {
    observer.observe(0, times[0], initial);
    double t = times[0];
    float[] y = initial;
    float[] f = field.velocity(times[0], y);
    double dt = StepSize.first(field, t, y, f);
    float[] latents = initial;
    Step accepted = null;
    int steps = 0;
    for (int i = 1; i < times.length; i++) {
      while (times[i] > t) {
        requireProgress(t, dt, steps++);
        Step step = Step.take(field, t, dt, y, f);
        float ratio = step.errorRatio();
        if (ratio <= 1) {
          accepted = step;
          t = step.t1();
          y = step.y1();
          f = step.f1();
        }
        dt = StepSize.next(dt, ratio);
      }
      latents = accepted.interpolate(times[i]);
      observer.observe(i, times[i], latents);
    }
    return latents;
  }

  private static void requireProgress(double t, double dt, int steps) {
    // Written so that a step size that is not a number fails too.
    boolean moves = t + dt > t;
    if (!moves || steps == MAX_STEPS) {
      throw new BackendException(
          "dopri5: expected to reach the last time within "
              + MAX_STEPS
              + " steps; found "
              + (moves ? "none left" : "no step small enough for its tolerance")
              + " at time "
              + t
              + " with step size "
              + dt
              + "; the velocity is too rough or too noisy in this precision; use a solver with"
              + " fixed steps, such as euler, or 32-bit floats");
    }
  }

  /** One solver step from y0 at t0 to y1 at t1, accepted or not, with its stage velocities. */
  @SuppressWarnings("ArrayRecordComponent") // numeric data of one integration
  private record Step(double t0, double t1, float dt, float[] y0, float[] y1, float[][] stages) {

    /** The last stage is the velocity at the end, so the next step need not evaluate it again. */
    static Step take(VelocityField field, double t0, double dt, float[] y0, float[] f0) {
      double t1 = t0 + dt;
      float step = (float) dt;
      float[][] stages = new float[Tableau.STAGES][];
      stages[0] = f0;
      float[] y = y0;
      for (int s = 1; s < stages.length; s++) {
        float[] weights = Tableau.scaled(Tableau.STATES[s - 1], step);
        y = new float[y0.length];
        for (int i = 0; i < y.length; i++) {
          y[i] = y0[i] + Tableau.combine(stages, weights, i);
        }
        stages[s] = field.velocity(stageTime(s, t0, step, t1), y);
      }
      return new Step(t0, t1, step, y0, y, stages);
    }

    /** torchdiffeq evaluates just before the end of a step, in case the velocity jumps there. */
    private static float stageTime(int stage, double t0, float dt, double t1) {
      float node = Tableau.NODES[stage - 1];
      return node == 1 ? Math.nextDown((float) t1) : (float) t0 + node * dt;
    }

    float[] f1() {
      return stages[stages.length - 1];
    }

    /** The estimated error in units of the tolerance; at most 1 for a good step. */
    float errorRatio() {
      float[] weights = Tableau.scaled(Tableau.ERROR, dt);
      float[] ratios = new float[y0.length];
      for (int i = 0; i < ratios.length; i++) {
        float size = Math.max(Math.abs(y0[i]), Math.abs(y1[i]));
        ratios[i] = Tableau.combine(stages, weights, i) / StepSize.tolerance(size);
      }
      return StepSize.rms(ratios);
    }

    /** The state at a time within the step: a polynomial of fourth order through both ends. */
    float[] interpolate(double time) {
      float x = (float) ((time - t0) / (t1 - t0));
      float x2 = x * x;
      float x3 = x2 * x;
      float x4 = x3 * x;
      float[] weights = Tableau.scaled(Tableau.MIDDLE, dt);
      float[] y = new float[y0.length];
      for (int i = 0; i < y.length; i++) {
        float start = y0[i];
        float end = y1[i];
        float f0 = stages[0][i];
        float f1 = stages[stages.length - 1][i];
        float middle = start + Tableau.combine(stages, weights, i);
        float a = 2 * dt * (f1 - f0) - 8 * (end + start) + 16 * middle;
        float b = dt * (5 * f0 - 3 * f1) + 18 * start + 14 * end - 32 * middle;
        float c = dt * (f1 - 4 * f0) - 11 * start - 5 * end + 16 * middle;
        y[i] = start + x * (dt * f0) + x2 * c + x3 * b + x4 * a;
      }
      return y;
    }
  }

  /**
   * Dormand and Prince's coefficients, rounded to the float type of the state (SPEC appendix C).
   */
  private static final class Tableau {

    static final int STAGES = 7;

    /** The position within the step of each stage after the first. */
    static final float[] NODES = floats(1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1);

    /** The weights of earlier stages in the state of the next; the last row is the solution. */
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

    private Tableau() {}

    /** The weights times the step size, as torch rounds them before it applies them. */
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

  /** The step-size control: tolerance, first step and next step (appendix C). */
  private static final class StepSize {

    private static final float ABSOLUTE_TOLERANCE = 1e-6f;
    private static final float RELATIVE_TOLERANCE = 1e-3f;
    private static final int ORDER = 5;
    private static final double SAFETY = 0.9;
    private static final double LARGEST_GROWTH = 10;
    private static final double LARGEST_SHRINKING = 0.2;

    private StepSize() {}

    /** The allowed error of a value of this size. */
    static float tolerance(float size) {
      return ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * size;
    }

    /** Root mean square; summed in double, closer to torch's cascade than a plain float sum. */
    static float rms(float[] values) {
      double sum = 0;
      for (float value : values) {
        sum += value * value;
      }
      return (float) Math.sqrt((float) (sum / values.length));
    }

    /** The first step, from the size of the velocity and its change over a tiny step. */
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

    /** The next step size: longer after a small error, shorter after a rejected step. */
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
}
