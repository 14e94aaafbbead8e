package dev.showo2.pipeline.internal;

import dev.showo2.sequence.internal.Part;
import dev.showo2.sequence.internal.Segment;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.Tensor;
import java.util.List;

/**
 * One branch of classifier-free guidance: the KV caches of backbone and flow head for the prefix of
 * an image or video. Text and finished images do not depend on the flow time of the image being
 * generated, so they pass through both once, and each evaluation runs on the image's span alone
 * (SPEC 6). The opener closes it. Not thread-safe.
 */
final class DenoisingBranch implements AutoCloseable {

  private final Backend backend;
  private final KvCache backboneCache;
  private final KvCache flowHeadCache;

  private DenoisingBranch(Backend backend, KvCache backboneCache, KvCache flowHeadCache) {
    this.backend = backend;
    this.backboneCache = backboneCache;
    this.flowHeadCache = flowHeadCache;
  }

  /** Opens an empty branch. */
  static DenoisingBranch open(Backend backend, CacheRequest request) {
    KvCache backboneCache = backend.backbone().newCache(request);
    try {
      return new DenoisingBranch(backend, backboneCache, backend.flowHead().newCache(request));
    } catch (RuntimeException | Error e) {
      try (backboneCache) {
        throw e;
      }
    }
  }

  /** Opens a branch and prefills it with a prefix. */
  static DenoisingBranch start(Backend backend, Segment prefix) {
    CacheRequest request = CacheRequest.builder(1).expectedPositions(prefix.length()).build();
    DenoisingBranch branch = open(backend, request);
    try {
      branch.append(prefix, List.of());
      return branch;
    } catch (RuntimeException | Error e) {
      try (branch) {
        throw e;
      }
    }
  }

  /**
   * Appends a segment to the prefix.
   *
   * @param segment text, or the span of a finished image with its time token first
   * @param visuals image tokens [1, L, D] that the segment's parts refer to; stay open
   */
  void append(Segment segment, List<Tensor> visuals) {
    try (Tensor hidden = new SegmentRunner(backend, 1).append(backboneCache, segment, visuals)) {
      if (segment.attention() == Attention.FULL
          && segment.parts().get(0) instanceof Part.Time time) {
        try (TimeFeatures features =
            backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time.time(), 1))) {
          backend.flowHead().append(FlowHeadRequest.span(flowHeadCache, hidden, features.vector()));
        }
      } else {
        backend.flowHead().append(FlowHeadRequest.text(flowHeadCache, hidden));
      }
    }
  }

  /** The caches as the input of a denoising step; this branch still owns them. */
  DenoiseStepRequest.Branch caches() {
    return DenoiseStepRequest.Branch.of(backboneCache, flowHeadCache);
  }

  @Override
  public void close() {
    try (backboneCache) {
      flowHeadCache.close();
    }
  }
}
