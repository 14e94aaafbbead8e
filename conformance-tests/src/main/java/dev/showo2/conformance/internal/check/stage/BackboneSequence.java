package dev.showo2.conformance.internal.check.stage;

import dev.showo2.spi.Backend;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A sequence in the backbone of one backend; takes host tensors and gives host tensors. */
final class BackboneSequence implements CachedSequence {

  private final Backend backend;
  private final KvCache cache;

  private BackboneSequence(Backend backend, KvCache cache) {
    this.backend = backend;
    this.cache = cache;
  }

  static BackboneSequence open(Backend backend, int batch) {
    return new BackboneSequence(backend, backend.backbone().newCache(CacheRequest.of(batch)));
  }

  @Override
  public BackboneSequence fork() {
    return new BackboneSequence(backend, cache.fork());
  }

  @Override
  public KvCache cache() {
    return cache;
  }

  @Override
  public void text(HostTensor positions) {
    append(Attention.CAUSAL, positions);
  }

  @Override
  public HostTensor span(HostTensor positions) {
    return evaluate(Attention.FULL, positions);
  }

  HostTensor append(Attention attention, HostTensor... parts) {
    return run(attention, parts, true);
  }

  HostTensor evaluate(Attention attention, HostTensor... parts) {
    return run(attention, parts, false);
  }

  private HostTensor run(Attention attention, HostTensor[] parts, boolean keep) {
    List<Tensor> uploaded = new ArrayList<>();
    try {
      for (HostTensor part : parts) {
        uploaded.add(backend.upload(part));
      }
      BackboneRequest request = BackboneRequest.of(cache, uploaded, attention);
      try (Tensor hidden =
          keep ? backend.backbone().append(request) : backend.backbone().evaluate(request)) {
        return hidden.toHost();
      }
    } finally {
      uploaded.forEach(Tensor::close);
    }
  }

  /** The hidden states of several spans, in one call. */
  static List<HostTensor> evaluateAll(List<CachedSequence> sequences, List<HostTensor> spans) {
    if (sequences.isEmpty()) {
      return List.of();
    }
    Backend backend = ((BackboneSequence) sequences.get(0)).backend;
    try (Closer closer = new Closer()) {
      List<BackboneRequest> requests = new ArrayList<>();
      for (int i = 0; i < sequences.size(); i++) {
        Tensor span = closer.add(backend.upload(spans.get(i)));
        requests.add(BackboneRequest.of(sequences.get(i).cache(), List.of(span), Attention.FULL));
      }
      List<Tensor> hidden = backend.backbone().evaluateAll(requests);
      hidden.forEach(closer::add);
      return hidden.stream().map(Tensor::toHost).toList();
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
