package dev.showo2.sampler.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.testing.Messages;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowIntegratorTest {

  private static final VelocityField STILL = (time, latents) -> new float[latents.length];

  @ParameterizedTest
  @CsvSource({"EULER, 1", "MIDPOINT, 2", "HEUN3, 3", "RK4, 4", "AB2, 2"})
  void convergesWithItsOrder(Solver solver, int order) {
    double coarse = largestError(solver, 9);
    double fine = largestError(solver, 17);
    assertEquals(order, Math.log(coarse / fine) / Math.log(2), 0.3);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 50})
  void dopri5KeepsItsToleranceWhateverTheTimePoints(int points) {
    assertEquals(0, largestError(Solver.DOPRI5, points), 5e-3);
  }

  /** Over all time points, of y' = 2·cos(3t)·y, so y = exp(⅔·sin 3t). */
  private static double largestError(Solver solver, int points) {
    VelocityField field =
        (t, y) -> new float[] {(float) (2 * StrictMath.cos(3 * (double) t) * y[0])};
    double[] largest = {0};
    FlowIntegrator.integrate(
        solver,
        field,
        new float[] {1},
        TimeSchedule.shifted(points, 1),
        (index, time, y) -> {
          double exact = StrictMath.exp(StrictMath.sin(3 * (double) time) * 2 / 3);
          largest[0] = Math.max(largest[0], Math.abs(y[0] - exact));
        });
    return largest[0];
  }

  @ParameterizedTest
  @EnumSource(Solver.class)
  void observesEveryPointOnceAndInOrder(Solver solver) {
    float[] start = {3, -1};
    List<Integer> indices = new ArrayList<>();
    FlowIntegrator.integrate(
        solver,
        STILL,
        start,
        TimeSchedule.shifted(4, 3),
        (index, time, latents) -> {
          indices.add(index);
          assertArrayEquals(start, latents, 1e-6f);
        });
    assertEquals(List.of(0, 1, 2, 3), indices);
  }

  @ParameterizedTest
  @EnumSource(Solver.class)
  void exceptionsOfTheObserverEndTheIntegration(Solver solver) {
    CancelledException stop = new CancelledException("enough");
    TestFields.Recorded field = new TestFields.Recorded(STILL);
    CancelledException thrown =
        assertThrows(
            CancelledException.class,
            () ->
                FlowIntegrator.integrate(
                    solver,
                    field,
                    new float[1],
                    TimeSchedule.shifted(4, 3),
                    (index, time, latents) -> {
                      throw stop;
                    }));
    assertSame(stop, thrown);
    assertEquals(List.of(), field.times(), "nothing was evaluated after the noise was shown");
  }

  @ParameterizedTest
  @EnumSource(Solver.class)
  void writesNeitherToArgumentsNorToObservedLatents(Solver solver) {
    float[] start = {1, 2};
    float[] times = TimeSchedule.shifted(5, 3);
    List<float[]> seen = new ArrayList<>();
    List<float[]> copies = new ArrayList<>();
    VelocityField field = (t, y) -> new float[] {y[1], -y[0]};
    FlowIntegrator.integrate(
        solver,
        field,
        start,
        times,
        (index, time, latents) -> {
          seen.add(latents);
          copies.add(latents.clone());
        });
    assertArrayEquals(new float[] {1, 2}, start);
    assertArrayEquals(TimeSchedule.shifted(5, 3), times);
    for (int i = 0; i < seen.size(); i++) {
      assertArrayEquals(copies.get(i), seen.get(i));
    }
  }

  @ParameterizedTest
  @EnumSource(Solver.class)
  void badTimesAreRefused(Solver solver) {
    assertTimesFail(solver, "at least 2 points", new float[] {0});
    assertTimesFail(solver, "found 0.5 at index 2 after 0.5", new float[] {0, 0.5f, 0.5f});
    assertTimesFail(solver, "found NaN at index 1", new float[] {0, Float.NaN, 1});
    assertTimesFail(solver, "found -Infinity at index 0", new float[] {Float.NEGATIVE_INFINITY, 1});
  }

  private static void assertTimesFail(Solver solver, String part, float[] times) {
    Messages.assertFails(
        InvalidRequestException.class,
        () ->
            FlowIntegrator.integrate(solver, STILL, new float[1], times, TrajectoryObserver.none()),
        part,
        "TimeSchedule");
  }

  @ParameterizedTest
  @EnumSource(Solver.class)
  void aVelocityThatIsNotFiniteIsRefusedAtOnce(Solver solver) {
    Messages.assertFails(
        BackendException.class,
        () -> run(solver, (t, y) -> new float[] {0, Float.NaN}),
        "velocity at time 0.0",
        "found NaN at index 1",
        "32-bit floats");
  }

  @ParameterizedTest
  @EnumSource(Solver.class)
  void aVelocityOfAnotherLengthIsRefused(Solver solver) {
    Messages.assertFails(
        BackendException.class,
        () -> run(solver, (t, y) -> new float[3]),
        "expected 2 values",
        "found 3");
  }

  private static void run(Solver solver, VelocityField field) {
    FlowIntegrator.integrate(
        solver, field, new float[2], TimeSchedule.shifted(5, 3), TrajectoryObserver.none());
  }
}
