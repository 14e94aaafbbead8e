package dev.showo2.sampler;

import dev.showo2.error.InvalidRequestException;
import org.apiguardian.api.API;

/**
 * Computes the time points over which a flow is integrated; 0 is noise and 1 is data (SPEC 7).
 *
 * <p>Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TimeSchedule {

  /** The number of 32-bit floats between 0.5 and 1 does not suffice for more points. */
  private static final int MOST_STEPS = 1 << 24;

  private TimeSchedule() {}

  /**
   * Maps equally spaced points by t/(t + s - s·t), which puts more of them near the noise for a
   * shift s above 1. Computed in 32-bit floats in torch's order.
   *
   * @param steps the number n of time points, at least 2; they make n - 1 solver steps, as the
   *     official code counts
   * @param shift s, finite and above 0; 1 keeps the points equally spaced, the released model uses
   *     3
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
    if (steps > MOST_STEPS) {
      throw new InvalidRequestException(
          "steps: expected at most "
              + MOST_STEPS
              + " time points, which 32-bit floats can tell apart; found "
              + steps
              + "; ask for fewer steps, 50 is the released setting");
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
    }
    requireIncreasing(times, shift);
    return times;
  }

  /**
   * Computes the part of a schedule from a later time on, for a flow that starts from an image and
   * not from noise: as many solver steps as the whole schedule has there, rounded up, of equal
   * length before the shift.
   *
   * @param start first of the times, 0 … below 1; 0 gives the whole schedule
   * @param steps number of time points of the whole schedule, at least 2
   * @param shift as in {@link #shifted(int, float)}
   * @return at least 2 strictly increasing times, the first {@code start} and the last 1
   * @throws InvalidRequestException as {@link #shifted(int, float)}, and if the start is out of its
   *     range
   */
  public static float[] shiftedFrom(float start, int steps, float shift) {
    if (!(start >= 0 && start < 1)) {
      throw new InvalidRequestException(
          "start: expected a time from 0 (noise) to below 1 (data); found " + start);
    }
    float[] whole = shifted(steps, shift);
    if (start == 0) {
      return whole;
    }
    double unshifted = start * (double) shift / (1 - start + start * (double) shift);
    // A start that equals one of the points up to rounding must not make a solver step of length 0.
    int count = Math.max(1, (int) Math.ceil((1 - unshifted) * (steps - 1) - 1e-3));
    float[] times = new float[count + 1];
    times[0] = start;
    for (int i = 1; i < count; i++) {
      double t = unshifted + (1 - unshifted) * i / count;
      times[i] = (float) (t / (t + shift - shift * t));
    }
    times[count] = 1;
    requireIncreasing(times, shift);
    return times;
  }

  private static void requireIncreasing(float[] times, float shift) {
    for (int i = 0; i < times.length; i++) {
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
  }

  /** torch counts the second half down from 1 with a fused multiply-add; both ends are exact. */
  private static float linear(int index, int steps) {
    float step = 1f / (steps - 1);
    return index < steps / 2 ? step * index : Math.fma(-step, steps - index - 1, 1f);
  }
}
