package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.sampler.internal.VelocityLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;
import org.apiguardian.api.API;

/** The prefix of an image in the KV caches of backbone and flow head. */
@API(status = API.Status.INTERNAL)
public record PastSequence(Backend backend, KvCache backbone, KvCache flowHead)
    implements AutoCloseable {

  public static PastSequence open(Backend backend) {
    KvCache backbone = backend.backbone().newCache(CacheRequest.of(1));
    try {
      return new PastSequence(backend, backbone, backend.flowHead().newCache(CacheRequest.of(1)));
    } catch (RuntimeException | Error e) {
      try (backbone) {
        throw e;
      }
    }
  }

  public void appendText(int... ids) {
    try (Tensor text = backend.textEmbedding().embed(TextEmbeddingRequest.repeated(ids, 1));
        Tensor hidden =
            backend
                .backbone()
                .append(BackboneRequest.of(backbone, List.of(text), Attention.CAUSAL))) {
      backend.flowHead().append(FlowHeadRequest.text(flowHead, hidden));
    }
  }

  /**
   * @param latents [1, C, 1, h, w] of a finished image
   * @param time of the image
   */
  public void appendImage(HostTensor latents, float time) {
    try (Tensor uploaded = backend.upload(latents);
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded));
        TimeFeatures features =
            backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, 1));
        Tensor hidden =
            backend
                .backbone()
                .append(
                    BackboneRequest.of(
                        backbone, List.of(features.token(), image), Attention.FULL))) {
      backend.flowHead().append(FlowHeadRequest.span(flowHead, hidden, features.vector()));
    }
  }

  /**
   * @param latents [1, C, T, h, w] of what comes next
   * @return its velocity, in the same shape
   */
  public HostTensor velocity(HostTensor latents, float time) {
    try (Tensor uploaded = backend.upload(latents);
        Tensor visual = backend.fusion().fuse(FusionRequest.of(uploaded));
        TimeFeatures features =
            backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, 1));
        Tensor hidden =
            backend
                .backbone()
                .evaluate(
                    BackboneRequest.of(
                        backbone, List.of(features.token(), visual), Attention.FULL));
        Tensor velocity =
            backend
                .flowHead()
                .velocity(FlowHeadRequest.span(flowHead, hidden, features.vector()))) {
      Shape shape = latents.shape();
      return VelocityLayout.unpatchify(
          velocity.toHost(),
          (int) shape.dimension(2),
          (int) shape.dimension(3),
          (int) shape.dimension(4));
    }
  }

  /** The velocity of latents after a text. */
  public static HostTensor velocityAfter(
      Backend backend, int[] text, HostTensor latents, float time) {
    try (PastSequence past = open(backend)) {
      past.appendText(text);
      return past.velocity(latents, time);
    }
  }

  @Override
  public void close() {
    try (backbone) {
      flowHead.close();
    }
  }
}
