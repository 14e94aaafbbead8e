package dev.showo2.pipeline.internal;

import dev.showo2.sequence.internal.Part;
import dev.showo2.sequence.internal.Segment;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
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

  /** A branch that nothing has come before yet. */
  static DenoisingBranch open(Backend backend) {
    KvCache backbonePast = backend.backbone().newCache(CacheRequest.of(1));
    try {
      return new DenoisingBranch(
          backend, backbonePast, backend.flowHead().newCache(CacheRequest.of(1)));
    } catch (RuntimeException | Error e) {
      try (backbonePast) {
        throw e;
      }
    }
  }

  /** A branch that begins with these segments. */
  static DenoisingBranch start(Backend backend, Segment before) {
    DenoisingBranch branch = open(backend);
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

  /**
   * @param image image tokens [1, L, D]
   * @return velocity per token [1, L, p·p·C]
   */
  HostTensor velocity(TimeFeatures time, Tensor image) {
    try (Tensor hidden =
            backend
                .backbone()
                .evaluate(
                    new BackboneRequest(
                        backbonePast, List.of(time.token(), image), Attention.FULL));
        Tensor velocity =
            backend.flowHead().velocity(FlowHeadRequest.span(flowPast, hidden, time.vector()))) {
      return velocity.toHost();
    }
  }

  @Override
  public void close() {
    try (backbonePast) {
      flowPast.close();
    }
  }
}
