package dev.showo2.sampler.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.testing.Messages;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class Dopri5Test {

  private static final float[] UNIT = {0, 1};

  @Test
  void stepsAreNotCutAtTheTimePoints() {
    int few = evaluations(TimeSchedule.shifted(2, 3));
    assertEquals(few, evaluations(TimeSchedule.shifted(200, 3)));
  }

  @Test
  void theLastStepMayLookBeyondTheEnd() {
    TestFields.Recorded field = new TestFields.Recorded(TestFields::relaxing);
    integrate(field, TestFields.RELAXING_START, UNIT);
    assertTrue(field.times().stream().anyMatch(t -> t > 1));
  }

  @Test
  void aStillFieldGrowsItsStepsTenfold() {
    TestFields.Recorded field = new TestFields.Recorded((t, y) -> new float[y.length]);
    assertArrayEquals(
        TestFields.COUPLED_START, integrate(field, TestFields.COUPLED_START, UNIT), 1e-6f);
    // Two to find the first step of 1e-6, then six for each of 1e-6, 1e-5, ... 1.
    assertEquals(2 + 7 * 6, field.times().size());
  }

  @Test
  void aFieldThatIsFarTooStiffEndsWithinBounds() {
    AtomicInteger calls = new AtomicInteger();
    VelocityField stiff =
        (t, y) -> {
          calls.incrementAndGet();
          return new float[] {(float) (-1e5 * (y[0] - StrictMath.sin(9 * (double) t)))};
        };
    Messages.assertFails(
        BackendException.class,
        () -> integrate(stiff, new float[] {1}, UNIT),
        "within 1000 steps",
        "found none left at time 0.",
        "fixed steps, such as euler");
    assertEquals(2 + Dopri5.MAX_STEPS * 6, calls.get());
  }

  @Test
  void aFieldWithoutAnyOrderEndsWhenNoStepIsSmallEnough() {
    AtomicInteger calls = new AtomicInteger();
    VelocityField noise =
        (t, y) -> new float[] {(calls.incrementAndGet() * 7919 % 31 - 15) * 1e30f};
    Messages.assertFails(
        BackendException.class,
        () -> integrate(noise, new float[] {1}, new float[] {0.5f, 1}),
        "no step small enough for its tolerance at time 0.5");
  }

  @Test
  void aStateThatOverflowsEndsToo() {
    Messages.assertFails(
        BackendException.class,
        () -> integrate((t, y) -> new float[] {3e38f}, new float[] {3e38f}, new float[] {0, 100}),
        "dopri5: expected to reach the last time");
  }

  private static int evaluations(float[] times) {
    TestFields.Recorded field = new TestFields.Recorded(TestFields::coupled);
    integrate(field, TestFields.COUPLED_START, times);
    return field.times().size();
  }

  private static float[] integrate(VelocityField field, float[] start, float[] times) {
    return FlowIntegrator.integrate(Solver.DOPRI5, field, start, times, TrajectoryObserver.none());
  }
}
