package dev.showo2.conformance.internal.check.stage;

import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;

/** A prompt in both transformers; not thread-safe. */
record PromptBranch(Backend backend, KvCache backbone, KvCache flowHead) implements AutoCloseable {

  static PromptBranch open(Backend backend, int[] prompt) {
    KvCache backbone = backend.backbone().newCache(CacheRequest.of(1));
    try {
      return start(
          new PromptBranch(backend, backbone, backend.flowHead().newCache(CacheRequest.of(1))),
          prompt);
    } catch (RuntimeException | Error e) {
      try (backbone) {
        throw e;
      }
    }
  }

  private static PromptBranch start(PromptBranch branch, int[] prompt) {
    Backend backend = branch.backend();
    try (Tensor text = backend.textEmbedding().embed(TextEmbeddingRequest.repeated(prompt, 1));
        Tensor hidden =
            backend
                .backbone()
                .append(BackboneRequest.of(branch.backbone(), List.of(text), Attention.CAUSAL))) {
      backend.flowHead().append(FlowHeadRequest.text(branch.flowHead(), hidden));
      return branch;
    } catch (RuntimeException | Error e) {
      try (branch) {
        throw e;
      }
    }
  }

  DenoiseStepRequest.Branch caches() {
    return DenoiseStepRequest.Branch.of(backbone, flowHead);
  }

  /** A request for the hidden states of the image that is being made. */
  BackboneRequest span(TimeFeatures time, Tensor image) {
    return BackboneRequest.of(backbone, List.of(time.token(), image), Attention.FULL);
  }

  HostTensor velocity(TimeFeatures time, Tensor image) {
    try (Tensor hidden = backend.backbone().evaluate(span(time, image));
        Tensor velocity =
            backend.flowHead().velocity(FlowHeadRequest.span(flowHead, hidden, time.vector()))) {
      return velocity.toHost();
    }
  }

  @Override
  public void close() {
    try (backbone) {
      flowHead.close();
    }
  }
}
