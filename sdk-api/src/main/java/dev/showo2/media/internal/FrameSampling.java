package dev.showo2.media.internal;

import org.apiguardian.api.API;

/** Chooses the frames of a video that the model sees (SPEC 8). Stateless and thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FrameSampling {

  private FrameSampling() {}

  /**
   * Spreads samples evenly from the first frame to the last, as numpy's {@code linspace(0, frames -
   * 1, count)} truncated to int does. With fewer frames than samples some frames are repeated.
   *
   * @param frames of the video, at least 1
   * @param count of the wanted samples, at least 1
   * @return {@code count} indices in 0..frames-1, ascending
   * @throws IllegalArgumentException if frames or count is less than 1
   */
  public static int[] evenly(int frames, int count) {
    if (frames < 1 || count < 1) {
      throw new IllegalArgumentException(
          "at least one frame and one sample are needed, got " + frames + " and " + count);
    }
    int[] indices = new int[count];
    // numpy multiplies by a rounded step and pins the last value; i * last / intervals would give
    // another index where the product falls just short of an integer.
    double step = (frames - 1) / (double) (count - 1);
    for (int i = 1; i < count - 1; i++) {
      indices[i] = (int) (i * step);
    }
    if (count > 1) {
      indices[count - 1] = frames - 1;
    }
    return indices;
  }
}
