package dev.showo2.sampler;

import dev.showo2.error.InvalidRequestException;
import java.util.Arrays;
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
  EULER("euler"),

  /** Second order, two evaluations a step. */
  MIDPOINT("midpoint"),

  /** Third order, three evaluations a step. */
  HEUN3("heun3"),

  /** Fourth order (the 3/8 rule), four evaluations a step. */
  RK4("rk4"),

  /**
   * Dormand and Prince's fifth order with steps of its own choice (absolute tolerance 1e-6,
   * relative 1e-3), six evaluations a step. Values at the time points are interpolated, and the
   * last step may evaluate beyond the last of them.
   */
  DOPRI5("dopri5");

  private final String id;

  Solver(String id) {
    this.id = id;
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
}
