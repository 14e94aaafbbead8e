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

class TimeScheduleTest {

  @ParameterizedTest
  @CsvSource({"5, 3", "50, 3", "20, 1.5"})
  void equalsTheGolden(int steps, String shift) {
    float[] expected = Goldens.read("schedule_" + steps + "_" + shift, "t").values();
    assertArrayEquals(expected, TimeSchedule.shifted(steps, Float.parseFloat(shift)), 0);
  }

  @Test
  void shiftOneSpacesEqually() {
    assertArrayEquals(
        new float[] {0, 0.25f, 0.5f, 0.75f, 1}, TimeSchedule.shifted(5, 1), "five points");
    assertArrayEquals(new float[] {0, 1}, TimeSchedule.shifted(2, 3), "the fewest points");
  }

  @ParameterizedTest
  @ValueSource(floats = {0.01f, 0.5f, 1, 1.7f, 3, 6, 100})
  void increasesFromNoiseToData(float shift) {
    for (int steps = 2; steps <= 300; steps++) {
      float[] times = TimeSchedule.shifted(steps, shift);
      assertEquals(steps, times.length);
      assertEquals(0, times[0]);
      assertEquals(1, times[steps - 1], 1e-5);
      for (int i = 1; i < steps; i++) {
        assertTrue(times[i] > times[i - 1]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0, -4})
  void fewerThanTwoPointsAreRefused(int steps) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> TimeSchedule.shifted(steps, 3),
        "steps: expected at least 2",
        "found " + steps,
        "50 is the released setting");
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
  void aShiftThatIsNoPositiveNumberIsRefused(float shift) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> TimeSchedule.shifted(50, shift),
        "shift: expected a finite number above 0",
        "found " + shift,
        "use 1 for equal spacing");
  }

  @ParameterizedTest
  @ValueSource(floats = {1e-30f, 1e9f, Float.MAX_VALUE})
  void aShiftThatFloatsCannotResolveIsRefused(float shift) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> TimeSchedule.shifted(50, shift),
        "strictly increasing",
        "under shift " + shift,
        "nearer to 1");
  }

  /** Before there is memory for them. */
  @ParameterizedTest
  @ValueSource(ints = {(1 << 24) + 1, Integer.MAX_VALUE})
  void moreStepsThanFloatsCanTellApartAreRefused(int steps) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> TimeSchedule.shifted(steps, 3),
        "steps: expected at most 16777216 time points",
        "found " + steps,
        "50 is the released setting");
  }
}
