package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import org.apiguardian.api.API;

/**
 * The modulated transformer that predicts velocities (SPEC 6). The stage may be used by several
 * threads, each with caches of its own.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface FlowHead {

  /** An empty cache for {@code batch} sequences. */
  KvCache newCache(int batch);

  /**
   * Runs a segment that comes before the image being made, and keeps its keys and values. Text is
   * causal and has no time; a finished image is full and has the time at which it stands.
   */
  void append(FlowHeadRequest request);

  /**
   * Runs the span of the image being made, [time token, image tokens], with full attention and its
   * time, and leaves the cache as it was. The span holds at least one image token.
   *
   * @return velocity per token [B, L, p·p·C]: the time token's row is dropped, the rows are not yet
   *     put back into latent layout
   */
  Tensor velocity(FlowHeadRequest request);
}
