package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import org.apiguardian.api.API;

/**
 * The Qwen2.5 decoder with omni-attention, segment by segment (SPEC 4). The stage may be used by
 * several threads, each with caches of its own.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Backbone {

  /** An empty cache for {@code batch} sequences. */
  KvCache newCache(int batch);

  /**
   * Runs a segment and keeps its keys and values: the cache grows by S.
   *
   * @return hidden states after the final norm [B, S, D]
   */
  Tensor append(BackboneRequest request);

  /**
   * Runs a segment and leaves the cache as it was: one denoising step.
   *
   * @return hidden states after the final norm [B, S, D]
   */
  Tensor evaluate(BackboneRequest request);
}
