package dev.showo2.stage;

import dev.showo2.error.InvalidRequestException;
import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Times to be embedded. Immutable; further fields can be added without breaking those who make or
 * read it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TimeEmbeddingRequest {

  private final float[] times;

  private TimeEmbeddingRequest(float[] times) {
    this.times = times;
  }

  /**
   * Makes a request.
   *
   * @param times flow time per batch row [B]; 0 is noise and 1 is data. Adaptive solvers may ask
   *     for values slightly above 1. Not copied, so that nobody may write to them afterwards
   * @return the request
   * @throws InvalidRequestException if there is no time at all or one that is not finite
   */
  public static TimeEmbeddingRequest of(float[] times) {
    if (times.length == 0) {
      throw new InvalidRequestException("times: at least one is needed, found none");
    }
    for (float time : times) {
      if (!Float.isFinite(time)) {
        throw new InvalidRequestException("times: finite numbers are needed, found " + time);
      }
    }
    return new TimeEmbeddingRequest(times);
  }

  /**
   * {@return a request with the same time for each of {@code batch} rows}
   *
   * @param time flow time, 0 for noise and 1 for data
   * @param batch rows, at least 1
   */
  public static TimeEmbeddingRequest repeated(float time, int batch) {
    float[] times = new float[batch];
    Arrays.fill(times, time);
    return of(times);
  }

  /** {@return flow time per batch row [B]} */
  public float[] times() {
    return times;
  }
}
