package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The modulated transformer that predicts velocities (SPEC 6). The stage may be used by several
 * threads, each with caches of its own.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface FlowHead {

  /**
   * Makes an empty cache.
   *
   * @param request its batch, and the length that it is expected to reach
   * @return a cache of length 0; the caller closes it
   * @throws IllegalArgumentException if the batch is below 1
   */
  KvCache newCache(CacheRequest request);

  /**
   * Runs a segment that precedes the image being made, and keeps its keys and values. Text is
   * causal and has no time; a finished image is full and has the time that it was finished at.
   *
   * @param request the segment and the cache that precedes it; stay open
   */
  void append(FlowHeadRequest request);

  /**
   * Runs the span of the image being made, [time token, image tokens], with full attention and its
   * time, and leaves the cache as it was. The span holds at least one image token.
   *
   * @param request the span and the cache that precedes it; stay open
   * @return velocity per token [B, L, p·p·C]: the time token's row is dropped, the rows are not yet
   *     put back into latent layout; the caller closes it
   */
  Tensor velocity(FlowHeadRequest request);

  /**
   * Runs several spans, each over a cache of its own length, and leaves the caches as they were:
   * both branches of guidance, several images, or the requests of several users. The results are
   * those of {@link #velocity} for each request, up to rounding.
   *
   * <p>By default one request runs after the other. An engine that gains from it runs them in one
   * batch.
   *
   * @param requests any number; one cache may occur in several of them
   * @return velocities per token [Bᵢ, Lᵢ, p·p·C] in the order of the requests; the caller closes
   *     them. If a request fails, none is left open.
   */
  default List<Tensor> velocityAll(List<FlowHeadRequest> requests) {
    return EachRequest.run(requests, this::velocity);
  }
}
