package dev.showo2.sampler.internal;

import dev.showo2.error.BackendException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TimeSchedule;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Integrates a velocity field over time with one of the solvers (SPEC 7, appendix C).
 *
 * <p>Stateless and thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FlowIntegrator {

  private FlowIntegrator() {}

  /**
   * Integrates from the first to the last time point and returns the latents there.
   *
   * @param solver the method of integration
   * @param field the velocity
   * @param initial the latents at the first time point, row-major; not written to
   * @param times at least 2 time points, finite and strictly increasing, as {@link TimeSchedule}
   *     makes them
   * @param observer receives the latents at each time point, the first included
   * @return the latents at the last time point, in a new array
   * @throws InvalidRequestException if the time points are not as described
   * @throws BackendException if the field gives another number of values than there are latents, or
   *     values that are not finite; if {@link Solver#DOPRI5} cannot meet its tolerance in 1000
   *     solver steps
   */
  public static float[] integrate(
      Solver solver,
      VelocityField field,
      float[] initial,
      float[] times,
      TrajectoryObserver observer) {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(observer, "observer");
    requireIncreasing(times);
    float[] start = initial.clone();
    float[] points = times.clone();
    VelocityField checked = new CheckedVelocity(field);
    return switch (solver) {
      case EULER ->
          FixedStepSolver.integrate(FixedStepSolver::euler, checked, start, points, observer);
      case MIDPOINT ->
          FixedStepSolver.integrate(FixedStepSolver::midpoint, checked, start, points, observer);
      case HEUN3 ->
          FixedStepSolver.integrate(FixedStepSolver::heun3, checked, start, points, observer);
      case RK4 -> FixedStepSolver.integrate(FixedStepSolver::rk4, checked, start, points, observer);
      case AB2 ->
          FixedStepSolver.integrate(
              new MultistepSolver.AdamsBashforth(), checked, start, points, observer);
      case UNIPC ->
          FixedStepSolver.integrate(new MultistepSolver.UniPc(), checked, start, points, observer);
      case DOPRI5 -> Dopri5.integrate(checked, start, points, observer);
    };
  }

  private static void requireIncreasing(float[] times) {
    if (times.length < 2) {
      throw new InvalidRequestException(
          "times: expected at least 2 points to integrate between; found "
              + times.length
              + "; take them from TimeSchedule");
    }
    for (int i = 0; i < times.length; i++) {
      boolean increasing = i == 0 || times[i] > times[i - 1];
      if (!Float.isFinite(times[i]) || !increasing) {
        throw new InvalidRequestException(
            "times: expected finite, strictly increasing points; found "
                + times[i]
                + " at index "
                + i
                + (i == 0 ? "" : " after " + times[i - 1])
                + "; take them from TimeSchedule");
      }
    }
  }

  /** Refuses the first invalid velocity, before it corrupts the latents. */
  private record CheckedVelocity(VelocityField field) implements VelocityField {

    @Override
    public float[] velocity(float time, float[] latents) {
      float[] velocity = field.velocity(time, latents);
      if (velocity.length != latents.length) {
        throw new BackendException(
            "velocity at time "
                + time
                + ": expected "
                + latents.length
                + " values, one for each latent; found "
                + velocity.length
                + "; the flow head or the velocity field is at fault");
      }
      for (int i = 0; i < velocity.length; i++) {
        if (!Float.isFinite(velocity[i])) {
          throw new BackendException(
              "velocity at time "
                  + time
                  + ": expected finite values; found "
                  + velocity[i]
                  + " at index "
                  + i
                  + "; the model overflows in this precision or its weights are corrupt; run it in"
                  + " 32-bit floats, and check the bundle if that does not help");
        }
      }
      return velocity;
    }
  }
}
