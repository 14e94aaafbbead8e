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
 * One of the guided branches: what comes before the image, kept as keys and values of backbone and
 * flow head. Neither text nor finished images depend on the time of the image being made, so they
 * go through both once, and each step runs on the image's span alone (SPEC 6).
 */
final class DenoisingBranch implements AutoCloseable {

  private final Backend backend;
  private final KvCache backbonePast;
  private final KvCache flowPast;

  private DenoisingBranch(Backend backend, KvCache backbonePast, KvCache flowPast) {
    this.backend = backend;
    this.backbonePast = backbonePast;
    this.flowPast = flowPast;
  }

  /** An empty branch of unknown length. */
  static DenoisingBranch open(Backend backend) {
    return open(backend, CacheRequest.of(1));
  }

  private static DenoisingBranch open(Backend backend, CacheRequest request) {
    KvCache backbonePast = backend.backbone().newCache(request);
    try {
      return new DenoisingBranch(backend, backbonePast, backend.flowHead().newCache(request));
    } catch (RuntimeException | Error e) {
      try (backbonePast) {
        throw e;
      }
    }
  }

  /** A branch that begins with these segments. */
  static DenoisingBranch start(Backend backend, Segment before) {
    CacheRequest request = CacheRequest.builder(1).expectedPositions(before.length()).build();
    DenoisingBranch branch = open(backend, request);
    try {
      branch.append(before, List.of());
      return branch;
    } catch (RuntimeException | Error e) {
      try (branch) {
        throw e;
      }
    }
  }

  /**
   * Takes in what comes next before the image.
   *
   * @param segment text, or the span of a finished image with its time token first
   * @param visuals image tokens [1, L, D] that the segment's parts refer to; stay open
   */
  void append(Segment segment, List<Tensor> visuals) {
    try (Tensor hidden = new SegmentRunner(backend, 1).append(backbonePast, segment, visuals)) {
      if (segment.attention() == Attention.FULL
          && segment.parts().get(0) instanceof Part.Time time) {
        try (TimeFeatures features =
            backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time.time(), 1))) {
          backend.flowHead().append(FlowHeadRequest.span(flowPast, hidden, features.vector()));
        }
      } else {
        backend.flowHead().append(FlowHeadRequest.text(flowPast, hidden));
      }
    }
  }

  /** The prefix as the denoising step takes it; its caches stay this branch's. */
  DenoiseStepRequest.Branch caches() {
    return DenoiseStepRequest.Branch.of(backbonePast, flowPast);
  }

  @Override
  public void close() {
    try (backbonePast) {
      flowPast.close();
    }
  }
}
