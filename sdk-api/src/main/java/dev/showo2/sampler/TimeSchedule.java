package dev.showo2.sampler;

import dev.showo2.error.InvalidRequestException;
import org.apiguardian.api.API;

/**
 * The time points that a flow is integrated over; 0 is noise and 1 is data (SPEC 7).
 *
 * <p>Safe for use by several threads.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TimeSchedule {

  private TimeSchedule() {}

  /**
   * Equally spaced points mapped by t/(t + s - s·t), which puts more of them near the noise for a
   * shift s above 1. Computed in 32-bit floats in torch's order.
   *
   * @param steps the number of time points, at least 2; a solver makes one step fewer
   * @param shift finite and above 0; 1 leaves the points where they are, the released model uses 3
   * @return {@code steps} strictly increasing times, the first 0 and the last 1 up to rounding
   * @throws InvalidRequestException if an argument is out of its range, or the shift is so extreme
   *     that 32-bit floats cannot tell the times apart
   */
  public static float[] shifted(int steps, float shift) {
    if (steps < 2) {
      throw new InvalidRequestException(
          "steps: expected at least 2 time points, from noise to data; found "
              + steps
              + "; ask for more steps, 50 is the released setting");
    }
    if (!(shift > 0) || Float.isInfinite(shift)) {
      throw new InvalidRequestException(
          "shift: expected a finite number above 0; found "
              + shift
              + "; use 1 for equal spacing or 3, the released setting");
    }
    float[] times = new float[steps];
    for (int i = 0; i < steps; i++) {
      float t = linear(i, steps);
      times[i] = t / (t + shift - shift * t);
      boolean increasing = i == 0 || times[i] > times[i - 1];
      if (!increasing || !Float.isFinite(times[i])) {
        throw new InvalidRequestException(
            "shift: expected finite, strictly increasing times; found "
                + times[i]
                + " at index "
                + i
                + " under shift "
                + shift
                + "; use a shift nearer to 1 or fewer steps");
      }
    }
    return times;
  }

  /** torch counts the second half down from 1 with a fused multiply-add; both ends are exact. */
  private static float linear(int index, int steps) {
    float step = 1f / (steps - 1);
    return index < steps / 2 ? step * index : Math.fma(-step, steps - index - 1, 1f);
  }
}
