package dev.showo2.sampler;

import dev.showo2.error.InvalidRequestException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The ODE solvers that integrate a velocity field from noise to data (SPEC 7, appendix C). Each
 * computes in 32-bit floats, those of torchdiffeq 0.2.5, whose names their ids are, in its order.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum Solver {
  /** First order, one evaluation per solver step; the solver of the released scripts. */
  EULER("euler"),

  /** Second order, two evaluations per solver step. */
  MIDPOINT("midpoint"),

  /** Third order, three evaluations per solver step. */
  HEUN3("heun3"),

  /** Fourth order (the 3/8 rule), four evaluations per solver step. */
  RK4("rk4"),

  /**
   * Dormand and Prince's fifth order with adaptive step size (absolute tolerance 1e-6, relative
   * 1e-3), six evaluations per solver step. Values at the time points are interpolated, and the
   * last solver step may evaluate beyond the last time point.
   */
  DOPRI5("dopri5"),

  /**
   * Adams and Bashforth's second order, one evaluation per solver step: the other velocity is that
   * of the step before. The first step, and the first after guidance begins or ends, is of first
   * order. Not in torchdiffeq.
   */
  AB2("ab2"),

  /**
   * UniPC of second order (Zhao et al., 2023, variant B2), one evaluation per solver step, which
   * also corrects the step before. The first two steps, and those after guidance begins or ends,
   * are of first order. Not in torchdiffeq; diffusers computes the same, up to rounding, with its
   * flow prediction.
   */
  UNIPC("unipc");

  private final String id;

  Solver(String id) {
    this.id = id;
  }

  /** {@return whether a solver step evaluates the model once, so that results can be reused} */
  public boolean evaluatesOncePerStep() {
    return this == EULER || this == AB2 || this == UNIPC;
  }

  /** {@return the name in settings and files, such as {@code euler}} */
  public String id() {
    return id;
  }

  /**
   * Finds a solver by its id.
   *
   * @param id as {@link #id} gives it
   * @return the solver
   * @throws InvalidRequestException if no solver has this id; the message lists all ids
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
}
