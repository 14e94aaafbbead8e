package dev.showo2.sampler.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TimeSchedule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MultistepSolverTest {

  private static final float[] TIMES = {
    0.05f, 0.109375f, 0.18571429f, 0.2875f, 0.43f, 0.643750012f, 1
  };

  /** The latents at each of the times after the first. */
  private static final float[][] DIFFUSERS = {
    {0.523891f, -1.187063f, 2.027999f, 0.083113f, -0.680375f, 1.444294f, 0.839287f},
    {0.570738f, -1.097087f, 2.026914f, 0.071444f, -0.656355f, 1.358255f, 0.761473f},
    {0.644313f, -0.971818f, 1.976845f, 0.047827f, -0.621126f, 1.231032f, 0.67104f},
    {0.751354f, -0.798004f, 1.810306f, -0.0197f, -0.576975f, 1.031786f, 0.592807f},
    {0.878253f, -0.577189f, 1.3844f, -0.248312f, -0.560812f, 0.706185f, 0.638992f},
    {1.011954f, -0.271891f, 0.715251f, -0.493353f, -0.673708f, 0.190199f, 0.796576f}
  };

  /**
   * The values are those of UniPCMultistepScheduler of diffusers 0.33.1 with flow_prediction, order
   * 2, bh2 and lower_order_final, whose sigmas were set to 1 − t.
   */
  @Test
  void uniPcGivesWhatDiffusersGives() {
    List<float[]> points = new ArrayList<>();
    FlowIntegrator.integrate(
        Solver.UNIPC,
        TestFields::coupled,
        TestFields.COUPLED_START,
        TIMES,
        (index, time, latents) -> points.add(latents));
    assertEquals(DIFFUSERS.length + 1, points.size());
    for (int i = 0; i < DIFFUSERS.length; i++) {
      assertArrayEquals(DIFFUSERS[i], points.get(i + 1), 2e-6f, "time " + TIMES[i + 1]);
    }
  }

  /** From noise, where log(α/σ) is infinite; a straight flow needs one step. */
  @ParameterizedTest
  @EnumSource(names = {"AB2", "UNIPC"})
  void straightFlowsAreExact(Solver solver) {
    float[] noise = {1, -2, 0.5f};
    float[] data = {0, 3, -1};
    VelocityField straight = (time, latents) -> new float[] {-1, 5, -1.5f};
    float[] end =
        FlowIntegrator.integrate(
            solver, straight, noise, TimeSchedule.shifted(8, 3), TrajectoryObserver.none());
    assertArrayEquals(data, end, 1e-5f);
  }

  @ParameterizedTest
  @EnumSource(names = {"AB2", "UNIPC"})
  void theModelIsEvaluatedOnceAStep(Solver solver) {
    float[] times = TimeSchedule.shifted(8, 3);
    TestFields.Recorded field = new TestFields.Recorded(TestFields::coupled);
    FlowIntegrator.integrate(
        solver, field, TestFields.COUPLED_START, times, TrajectoryObserver.none());
    assertEquals(times.length - 1, field.times().size());
    for (int i = 0; i < field.times().size(); i++) {
      assertEquals(times[i], field.times().get(i));
    }
  }

  /** The largest error of a flow between times at which log(α/σ) is finite. */
  @Test
  void theCorrectorRaisesTheOrderByOne() {
    double coarse = error(17);
    double fine = error(33);
    assertEquals(3, Math.log(coarse / fine) / Math.log(2), 0.4);
  }

  private static double error(int points) {
    float[] times = new float[points];
    for (int i = 0; i < points; i++) {
      times[i] = 0.1f + 0.8f * i / (points - 1);
    }
    VelocityField field =
        (t, y) -> new float[] {(float) (2 * StrictMath.cos(3 * (double) t) * y[0])};
    double[] largest = {0};
    FlowIntegrator.integrate(
        Solver.UNIPC,
        field,
        new float[] {1},
        times,
        (index, time, y) -> {
          double exponent = StrictMath.sin(3 * (double) time) - StrictMath.sin(0.3);
          largest[0] = Math.max(largest[0], Math.abs(y[0] - StrictMath.exp(exponent * 2 / 3)));
        });
    return largest[0];
  }
}
