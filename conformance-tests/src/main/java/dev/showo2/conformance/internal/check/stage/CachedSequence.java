package dev.showo2.conformance.internal.check.stage;

import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;

/** A sequence in the KV cache of one of the two transformers. */
interface CachedSequence extends AutoCloseable {

  KvCache cache();

  /** Closed on its own. */
  CachedSequence fork();

  /** Takes in text [B, S, D]. */
  void text(HostTensor positions);

  /**
   * Looks at the span of an image [B, 1 + L, D] that comes next and takes nothing in.
   *
   * @return its hidden states [B, 1 + L, D], or its velocities [B, L, p·p·C]
   */
  HostTensor span(HostTensor positions);

  @Override
  void close();
}
