package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.function.BiFunction;

/**
 * One of the two transformers, seen from its caches.
 *
 * @param append lets a cache grow by a segment of text [B, 3, D]
 * @param look what the cache holds, shown by the values of a segment behind it [B, 3, D]
 */
record CacheCalls(
    Stage stage, BiFunction<Backend, Integer, KvCache> newCache, Append append, Look look) {

  static final int LENGTH = 3;

  /** Lets a cache grow. */
  interface Append {
    void to(Backend backend, KvCache cache, Tensor segment);
  }

  /** Leaves a cache as it is. */
  interface Look {
    Tensor at(Backend backend, KvCache cache, Tensor segment);
  }

  static List<CacheCalls> of(CheckContext context) {
    return List.of(backbone(), flowHead(context.bundle().architecture())).stream()
        .filter(each -> context.backend().capabilities().supports(each.stage()))
        .toList();
  }

  private static CacheCalls backbone() {
    return new CacheCalls(
        Stage.BACKBONE,
        (backend, batch) -> backend.backbone().newCache(CacheRequest.of(batch)),
        (backend, cache, segment) ->
            backend
                .backbone()
                .append(BackboneRequest.of(cache, List.of(segment), Attention.CAUSAL))
                .close(),
        (backend, cache, segment) ->
            backend
                .backbone()
                .evaluate(BackboneRequest.of(cache, List.of(segment), Attention.FULL)));
  }

  private static CacheCalls flowHead(Architecture architecture) {
    int width = architecture.flowHead().hiddenSize();
    return new CacheCalls(
        Stage.FLOW_HEAD,
        (backend, batch) -> backend.flowHead().newCache(CacheRequest.of(batch)),
        (backend, cache, segment) ->
            backend.flowHead().append(FlowHeadRequest.text(cache, segment)),
        (backend, cache, segment) -> {
          long batch = segment.shape().dimension(0);
          try (Tensor time = backend.upload(Inputs.normal(9, batch, width))) {
            return backend.flowHead().velocity(FlowHeadRequest.span(cache, segment, time));
          }
        });
  }

  /** A segment for a batch. */
  static HostTensor segment(CheckContext context, int batch) {
    return Inputs.normal(8, batch, LENGTH, context.bundle().architecture().backbone().hiddenSize());
  }

  /** A cache after one segment. */
  KvCache filled(Backend backend, HostTensor segment) {
    KvCache cache = newCache.apply(backend, (int) segment.shape().dimension(0));
    try (Tensor uploaded = backend.upload(segment)) {
      append.to(backend, cache, uploaded);
      return cache;
    } catch (RuntimeException | Error e) {
      try (cache) {
        throw e;
      }
    }
  }

  /** What a cache holds. */
  HostTensor seen(Backend backend, KvCache cache, HostTensor segment) {
    try (Tensor uploaded = backend.upload(segment);
        Tensor result = look.at(backend, cache, uploaded)) {
      return result.toHost();
    }
  }
}
