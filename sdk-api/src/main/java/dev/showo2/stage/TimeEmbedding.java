package dev.showo2.stage;

import org.apiguardian.api.API;

/** Flow time to the vectors that carry it (SPEC 3). Thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface TimeEmbedding {

  /**
   * Embeds flow times.
   *
   * @param request a time for each row
   * @return time vectors [B, H] and time tokens [B, 1, D]
   */
  TimeFeatures embed(TimeEmbeddingRequest request);
}
