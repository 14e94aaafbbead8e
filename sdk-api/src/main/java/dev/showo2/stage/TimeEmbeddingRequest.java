package dev.showo2.stage;

import dev.showo2.error.InvalidRequestException;
import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Times to be embedded. The array is not copied; nobody may write to it afterwards.
 *
 * @param times flow time per batch row [B]; 0 is noise and 1 is data. Adaptive solvers may ask for
 *     values slightly above 1.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@SuppressWarnings("ArrayRecordComponent")
public record TimeEmbeddingRequest(float[] times) {

  /**
   * Makes a time embedding request and validates its components.
   *
   * @param times flow time per batch row [B]; 0 is noise and 1 is data. Adaptive solvers may ask
   *     for values slightly above 1.
   * @throws InvalidRequestException if there is no time at all or one that is not finite
   */
  public TimeEmbeddingRequest {
    if (times.length == 0) {
      throw new InvalidRequestException("times: at least one is needed, found none");
    }
    for (float time : times) {
      if (!Float.isFinite(time)) {
        throw new InvalidRequestException("times: finite numbers are needed, found " + time);
      }
    }
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
    return new TimeEmbeddingRequest(times);
  }
}
