package dev.showo2.sampler.internal;

/**
 * Methods of second order that evaluate the velocity once a step and take the other one from an
 * earlier step; the first step is of first order. Each instance is for one integration.
 */
final class MultistepSolver {

  private MultistepSolver() {}

  /** Adams and Bashforth's method on points of any distance. */
  static final class AdamsBashforth implements FixedStepSolver.StepMethod {

    private float earlierTime;
    private float[] earlier;

    @Override
    public float[] step(VelocityField field, float t0, float t1, float[] y) {
      float[] k = field.velocity(t0, y);
      float dt = t1 - t0;
      float[] next = new float[y.length];
      if (earlier == null) {
        for (int i = 0; i < y.length; i++) {
          next[i] = y[i] + dt * k[i];
        }
      } else {
        // The line through both velocities, integrated.
        float slope = 0.5f * dt / (t0 - earlierTime);
        for (int i = 0; i < y.length; i++) {
          next[i] = y[i] + dt * (k[i] + slope * (k[i] - earlier[i]));
        }
      }
      earlierTime = t0;
      earlier = k;
      return next;
    }
  }

  /**
   * UniPC of order 2 in its variant B2 (Zhao et al., 2023), with predictions of the data: on the
   * linear path these are x + (1−t)·v, α is t and σ is 1−t. Each velocity also corrects the latents
   * that it was computed at. Steps from noise and to data are of first order, since log(α/σ) is
   * infinite there.
   */
  static final class UniPc implements FixedStepSolver.StepMethod {

    /** A point that was evaluated: its time, corrected latents and predicted data. */
    private record Point(float time, float[] latents, float[] data) {

      boolean isNoise() {
        return time <= 0;
      }
    }

    private Point last;
    private Point beforeLast;

    @Override
    public float[] step(VelocityField field, float t0, float t1, float[] y) {
      float[] velocity = field.velocity(t0, y);
      float[] data = new float[y.length];
      for (int i = 0; i < y.length; i++) {
        data[i] = y[i] + (1 - t0) * velocity[i];
      }
      Point point = new Point(t0, corrected(t0, y, data), data);
      float[] next = predict(point, t1);
      beforeLast = last;
      last = point;
      return next;
    }

    private float[] corrected(float time, float[] y, float[] data) {
      if (last == null || last.isNoise()) {
        return y;
      }
      Interval step = new Interval(last.time, time);
      double[] weights = {0, 0.5};
      float[] older = last.data;
      double ratio = 1;
      if (beforeLast != null && !beforeLast.isNoise()) {
        ratio = (logRatio(beforeLast.time) - logRatio(last.time)) / step.length;
        weights = step.correctorWeights(ratio);
        older = beforeLast.data;
      }
      float[] result = new float[y.length];
      for (int i = 0; i < y.length; i++) {
        double slope = (older[i] - last.data[i]) / ratio;
        double change = weights[0] * slope + weights[1] * (data[i] - last.data[i]);
        result[i] = step.moved(last.latents[i], last.data[i], change);
      }
      return result;
    }

    private float[] predict(Point from, float time) {
      float[] next = new float[from.data.length];
      if (from.isNoise() || time >= 1) {
        // The line from the latents to the predicted data, which is Euler's step.
        double kept = (1 - time) / (1 - from.time);
        for (int i = 0; i < next.length; i++) {
          next[i] = (float) (kept * from.latents[i] + (1 - kept) * from.data[i]);
        }
        return next;
      }
      Interval step = new Interval(from.time, time);
      boolean second = last != null && !last.isNoise();
      double ratio = second ? (logRatio(last.time) - logRatio(from.time)) / step.length : 1;
      for (int i = 0; i < next.length; i++) {
        double slope = second ? (last.data[i] - from.data[i]) / ratio : 0;
        next[i] = step.moved(from.latents[i], from.data[i], 0.5 * slope);
      }
      return next;
    }

    private static double logRatio(double time) {
      return Math.log(time) - Math.log1p(-time);
    }

    /** A step in log(α/σ), within the open interval of times. */
    private static final class Interval {

      private final double alpha;
      private final double sigmaRatio;
      private final double length;
      private final double phi;

      Interval(double from, double to) {
        alpha = to;
        sigmaRatio = (1 - to) / (1 - from);
        length = logRatio(to) - logRatio(from);
        phi = Math.expm1(-length);
      }

      /** The solution of the linear part, and of a change of the data along the step. */
      float moved(double latent, double data, double change) {
        return (float) (sigmaRatio * latent - alpha * phi * (data + change));
      }

      /** The weights of the slope before the step and of the change over it. */
      double[] correctorWeights(double ratio) {
        double first = phi / -length - 1;
        double second = first / -length - 0.5;
        double b1 = first / phi;
        double b2 = 2 * second / phi;
        double before = (b1 - b2) / (1 - ratio);
        return new double[] {before, b1 - before};
      }
    }
  }
}
