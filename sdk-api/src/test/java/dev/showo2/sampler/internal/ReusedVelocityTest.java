package dev.showo2.sampler.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.sampler.Solver;
import dev.showo2.sampler.StepReuse;
import dev.showo2.sampler.TimeSchedule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReusedVelocityTest {

  private static final float[] TIMES = TimeSchedule.shifted(9, 1);

  /** A velocity that is linear in time, so that extrapolation is exact. */
  private static final VelocityField LINEAR = (time, latents) -> new float[] {3 * time - 1};

  @Test
  void oneOfTwoStepsIsComputedAfterTheFirstTwoAndTheLastIs() {
    assertEquals(List.of(0, 1, 3, 5, 7), computed(StepReuse.velocity(2), LINEAR));
    assertEquals(List.of(0, 1, 4, 7), computed(StepReuse.velocity(3), LINEAR));
    assertEquals(List.of(0, 1, 7), computed(StepReuse.velocity(100), LINEAR));
  }

  @Test
  void extrapolationIsLinearInTime() {
    TestFields.Recorded exact = new TestFields.Recorded(LINEAR);
    float[] end = integrate(StepReuse.velocity(3), exact);
    assertArrayEquals(integrate(StepReuse.none(), LINEAR), end, 1e-6f);
    assertTrue(exact.times().size() < TIMES.length - 1);
  }

  /**
   * A velocity that turns with the latents: with a rate of change of 2 and steps of ⅛ the first
   * extrapolated step adds ¼ and the next one less, so that two of them are within a tolerance of
   * 0.45.
   */
  @Test
  void adaptiveReuseEndsWhereTheChangeReachesTheTolerance() {
    VelocityField turning = (time, latents) -> new float[] {1 - 2 * latents[0]};
    List<Integer> tight = computed(StepReuse.adaptive(1e-6f), turning);
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), tight);
    List<Integer> loose = computed(StepReuse.adaptive(0.45f), turning);
    assertEquals(List.of(0, 1, 4, 7), loose);
  }

  @Test
  void aVelocityThatNeverChangesIsReusedToTheEnd() {
    VelocityField constant = (time, latents) -> new float[] {2};
    assertEquals(List.of(0, 1, 7), computed(StepReuse.adaptive(0.01f), constant));
  }

  /** Where nothing moves, the rate of change is not a number. */
  @Test
  void aFlowThatStandsStillIsComputed() {
    VelocityField still = (time, latents) -> new float[] {0};
    assertEquals(TIMES.length - 1, computed(StepReuse.adaptive(0.5f), still).size());
  }

  private static List<Integer> computed(StepReuse reuse, VelocityField field) {
    TestFields.Recorded recorded = new TestFields.Recorded(field);
    integrate(reuse, recorded);
    List<Float> times = recorded.times();
    return IntStream.range(0, TIMES.length - 1)
        .filter(i -> times.contains(TIMES[i]))
        .boxed()
        .toList();
  }

  private static float[] integrate(StepReuse reuse, VelocityField field) {
    VelocityField reused =
        reuse.enabled() ? new ReusedVelocity(field, reuse, TIMES.length - 1) : field;
    return FlowIntegrator.integrate(
        Solver.EULER, reused, new float[] {0}, TIMES, TrajectoryObserver.none());
  }
}
