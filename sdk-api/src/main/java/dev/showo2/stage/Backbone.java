package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The Qwen2.5 decoder with omni-attention, segment by segment (SPEC 4). The stage may be used by
 * several threads, each with caches of its own.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Backbone {

  /**
   * Makes an empty cache.
   *
   * @param request its batch, and the length that it is expected to reach
   * @return a cache of length 0; the caller closes it
   * @throws IllegalArgumentException if the batch is below 1
   */
  KvCache newCache(CacheRequest request);

  /**
   * Runs a segment and keeps its keys and values: the cache grows by S.
   *
   * @param request the segment and the cache that precedes it; stay open
   * @return hidden states after the final norm [B, S, D]; the caller closes them
   */
  Tensor append(BackboneRequest request);

  /**
   * Runs a segment and leaves the cache as it was: one denoising step.
   *
   * @param request the segment and the cache that precedes it; stay open
   * @return hidden states after the final norm [B, S, D]; the caller closes them
   */
  Tensor evaluate(BackboneRequest request);

  /**
   * Runs several segments, each over a cache of its own length, and leaves the caches as they were:
   * both branches of guidance, several images, or the requests of several users. The results are
   * those of {@link #evaluate} for each request, up to rounding.
   *
   * <p>By default one request runs after the other. An engine that gains from it runs them in one
   * batch.
   *
   * @param requests any number; one cache may occur in several of them
   * @return hidden states after the final norm [Bᵢ, Sᵢ, D] in the order of the requests; the caller
   *     closes them. If a request fails, none is left open.
   */
  default List<Tensor> evaluateAll(List<BackboneRequest> requests) {
    return EachRequest.run(requests, this::evaluate);
  }
}
