package dev.showo2.sampler;

import dev.showo2.error.BackendException;
import dev.showo2.sampler.internal.TrajectoryObserver;
import dev.showo2.sampler.internal.VelocityField;

/**
 * Integration with steps of the method's own choice, as torchdiffeq makes them (SPEC appendix C):
 * steps are not cut at the time points, values there are interpolated.
 *
 * <p>Times and step sizes are doubles, the state and all that is computed from it are floats.
 */
final class Dopri5 implements Integrator {

  /** Smooth fields take some tens of steps; more than this is a run that never ends. */
  static final int MAX_STEPS = 1000;

  @Override
  public float[] integrate(
      VelocityField field, float[] initial, float[] times, TrajectoryObserver observer) {
    observer.observe(0, times[0], initial);
    double t = times[0];
    float[] y = initial;
    float[] f = field.velocity(times[0], y);
    double dt = StepSize.first(field, t, y, f);
    float[] latents = initial;
    Dopri5Step accepted = null;
    int steps = 0;
    for (int i = 1; i < times.length; i++) {
      while (times[i] > t) {
        requireProgress(t, dt, steps++);
        Dopri5Step step = Dopri5Step.take(field, t, dt, y, f);
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
}
