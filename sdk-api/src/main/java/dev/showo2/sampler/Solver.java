package dev.showo2.sampler;

import dev.showo2.error.BackendException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.internal.TrajectoryObserver;
import dev.showo2.sampler.internal.VelocityField;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The methods that carry noise along a velocity field to data (SPEC 7, appendix C). Each computes
 * in 32-bit floats in the order of torchdiffeq 0.2.5, whose names the ids are.
 *
 * <p>Solvers hold no state and may be used by several threads at once.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Solver {
  /** First order, one evaluation a step; what the released scripts use. */
  EULER("euler", new FixedGrid(new EulerStep())),

  /** Second order, two evaluations a step. */
  MIDPOINT("midpoint", new FixedGrid(new MidpointStep())),

  /** Third order, three evaluations a step. */
  HEUN3("heun3", new FixedGrid(new Heun3Step())),

  /** Fourth order (the 3/8 rule), four evaluations a step. */
  RK4("rk4", new FixedGrid(new Rk4Step())),

  /**
   * Dormand and Prince's fifth order with steps of its own choice (absolute tolerance 1e-6,
   * relative 1e-3), six evaluations a step. Values at the time points are interpolated, and the
   * last step may evaluate beyond the last of them.
   */
  DOPRI5("dopri5", new Dopri5());

  private final String id;
  private final Integrator integrator;

  Solver(String id, Integrator integrator) {
    this.id = id;
    this.integrator = integrator;
  }

  /** The name in settings and files. */
  public String id() {
    return id;
  }

  /**
   * @throws InvalidRequestException if no solver has this id; the message lists those there are
   */
  public static Solver ofId(String id) {
    for (Solver solver : values()) {
      if (solver.id.equals(id)) {
        return solver;
      }
    }
    String known = Arrays.stream(values()).map(Solver::id).collect(Collectors.joining(", "));
    throw new InvalidRequestException(
        "solver: expected one of " + known + "; found '" + id + "'; use one of these ids");
  }

  /**
   * Integrates from the first to the last time and returns the latents there.
   *
   * @param field the velocity
   * @param initial the latents at the first time, row-major; not written to
   * @param times at least 2, finite and strictly increasing, as {@link TimeSchedule} makes them
   * @param observer told the latents at each of the times, the first included
   * @throws InvalidRequestException if the times are not as described
   * @throws BackendException if the field gives another number of values than there are latents, or
   *     values that are not finite; if {@link #DOPRI5} cannot meet its tolerance in 1000 steps
   */
  public float[] integrate(
      VelocityField field, float[] initial, float[] times, TrajectoryObserver observer) {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(observer, "observer");
    requireIncreasing(times);
    return integrator.integrate(
        new CheckedVelocity(field), initial.clone(), times.clone(), observer);
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
}
