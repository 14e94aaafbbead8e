package dev.showo2.pipeline;

import dev.showo2.sequence.Segment;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;

/**
 * One of the guided branches: what comes before the image, kept as keys and values of backbone and
 * flow head. Text before the image is causal and not modulated, so it goes through both once, and
 * each step runs on the image's span alone.
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

  static DenoisingBranch start(Backend backend, Segment before, int batch) {
    KvCache backbonePast = backend.backbone().newCache(batch);
    try {
      KvCache flowPast = backend.flowHead().newCache(batch);
      try (Tensor hidden =
          new SegmentRunner(backend, batch).append(backbonePast, before, List.of())) {
        backend.flowHead().append(FlowHeadRequest.text(flowPast, hidden));
        return new DenoisingBranch(backend, backbonePast, flowPast);
      } catch (RuntimeException | Error e) {
        try (flowPast) {
          throw e;
        }
      }
    } catch (RuntimeException | Error e) {
      try (backbonePast) {
        throw e;
      }
    }
  }

  /**
   * @param image image tokens [B, L, D]
   * @return velocity per token [B, L, p·p·C]
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
