package dev.showo2.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.testing.Messages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules that begin with an image and not with noise. */
class LaterScheduleTest {

  @ParameterizedTest
  @CsvSource({"2, 1", "5, 3", "50, 3", "20, 1.5"})
  void fromTimeZeroItIsTheFullSchedule(int steps, float shift) {
    assertArrayEquals(
        TimeSchedule.shifted(steps, shift), TimeSchedule.shiftedFrom(0, steps, shift));
  }

  @ParameterizedTest
  @CsvSource({"5, 3, 1", "5, 3, 2", "5, 3, 3", "50, 3, 20", "9, 1, 4"})
  void fromOneOfItsPointsItIsTheRest(int steps, float shift, int point) {
    float[] whole = TimeSchedule.shifted(steps, shift);
    float[] rest = TimeSchedule.shiftedFrom(whole[point], steps, shift);
    assertEquals(steps - point, rest.length);
    for (int i = 0; i < rest.length; i++) {
      assertEquals(whole[point + i], rest[i], 1e-5f);
    }
  }

  /** Between two points the step that is cut counts as one. */
  @Test
  void betweenTwoPointsItsStepsAreEqual() {
    assertArrayEquals(
        new float[] {0.4f, 0.6f, 0.8f, 1}, TimeSchedule.shiftedFrom(0.4f, 5, 1), 1e-6f);
    // 0.5 is 0.75 before the shift, and 0.875 halfway from there becomes 0.7.
    assertArrayEquals(new float[] {0.5f, 0.7f, 1}, TimeSchedule.shiftedFrom(0.5f, 9, 3), 1e-6f);
    assertArrayEquals(new float[] {0.5f, 1}, TimeSchedule.shiftedFrom(0.5f, 2, 3));
  }

  @ParameterizedTest
  @ValueSource(floats = {1e-7f, 0.001f, 0.25f, 0.5f, 0.9f, 0.999f, 0.9999999f})
  void itIncreasesFromTheStartToData(float start) {
    for (float shift : new float[] {0.5f, 1, 3, 6}) {
      for (int steps = 2; steps <= 100; steps++) {
        float[] times = TimeSchedule.shiftedFrom(start, steps, shift);
        assertTrue(times.length >= 2 && times.length <= steps, "length " + times.length);
        assertEquals(start, times[0]);
        assertEquals(1, times[times.length - 1]);
        for (int i = 1; i < times.length; i++) {
          assertTrue(times[i] > times[i - 1]);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 1, 1.5f, Float.NaN, Float.NEGATIVE_INFINITY})
  void startsOutOfTheirRange(float start) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> TimeSchedule.shiftedFrom(start, 5, 3),
        "start: expected a time from 0 (noise) to below 1 (data); found " + start);
  }

  @Test
  void refusesTheArgumentsThatTheFullScheduleRefuses() {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> TimeSchedule.shiftedFrom(0.5f, 1, 3),
        "steps: expected at least 2");
    Messages.assertFails(
        InvalidRequestException.class,
        () -> TimeSchedule.shiftedFrom(0.5f, 5, 0),
        "shift: expected a finite number above 0");
  }
}
