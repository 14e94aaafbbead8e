package dev.showo2.sampler.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.sampler.Goldens;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TimeSchedule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against trajectories that torchdiffeq computed. */
class SolverGoldenTest {

  @ParameterizedTest
  @EnumSource(
      value = Solver.class,
      names = {"AB2", "UNIPC"},
      mode = EnumSource.Mode.EXCLUDE)
  void relaxing(Solver solver) {
    check("relaxing", TestFields::relaxing, TestFields.RELAXING_START, solver);
  }

  @ParameterizedTest
  @EnumSource(
      value = Solver.class,
      names = {"AB2", "UNIPC"},
      mode = EnumSource.Mode.EXCLUDE)
  void coupled(Solver solver) {
    check("coupled", TestFields::coupled, TestFields.COUPLED_START, solver);
  }

  private static void check(String name, VelocityField field, float[] start, Solver solver) {
    boolean adaptive = solver == Solver.DOPRI5;
    // torch sums the error norm in another order, which moves adaptive steps by some last digits.
    float valueTolerance = adaptive ? 2e-6f : 0;
    float timeTolerance = adaptive ? 1e-5f : 0;
    float[] times = TimeSchedule.shifted(adaptive ? 11 : 41, 3);
    float[] expected = golden(name, solver, "trajectory");
    TestFields.Recorded recorded = new TestFields.Recorded(field);

    float[] trajectory = new float[expected.length];
    float[] last =
        FlowIntegrator.integrate(
            solver,
            recorded,
            start,
            times,
            (index, time, latents) -> {
              assertEquals(times[index], time);
              System.arraycopy(latents, 0, trajectory, index * start.length, start.length);
            });

    assertArrayEquals(expected, trajectory, valueTolerance);
    for (int i = 0; i < last.length; i++) {
      assertEquals(trajectory[trajectory.length - last.length + i], last[i]);
    }
    float[] evaluations = golden(name, solver, "evaluations");
    assertEquals(evaluations.length, recorded.times().size(), "number of evaluations");
    for (int i = 0; i < evaluations.length; i++) {
      assertEquals(evaluations[i], recorded.times().get(i), timeTolerance);
    }
  }

  private static float[] golden(String name, Solver solver, String tensor) {
    return Goldens.read("solvers", name + "." + solver.id() + "." + tensor).values();
  }
}
