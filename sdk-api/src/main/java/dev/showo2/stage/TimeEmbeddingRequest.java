package dev.showo2.stage;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * @param times flow time per batch row [B]; 0 is noise and 1 is data. Adaptive solvers may ask for
 *     values slightly above 1.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@SuppressWarnings("ArrayRecordComponent")
public record TimeEmbeddingRequest(float[] times) {

  /** The same time for each of {@code batch} rows. */
  public static TimeEmbeddingRequest repeated(float time, int batch) {
    float[] times = new float[batch];
    Arrays.fill(times, time);
    return new TimeEmbeddingRequest(times);
  }
}
