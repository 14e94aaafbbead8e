package dev.showo2.conformance.internal.check.stage;

import dev.showo2.spi.Backend;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A sequence in the flow head of one backend; takes host tensors and gives host tensors. */
final class FlowHeadSequence implements CachedSequence {

  private final Backend backend;
  private final KvCache cache;
  private final HostTensor time;

  private FlowHeadSequence(Backend backend, KvCache cache, HostTensor time) {
    this.backend = backend;
    this.cache = cache;
    this.time = time;
  }

  /**
   * @param time vectors [B, H] of the image being made
   */
  static FlowHeadSequence open(Backend backend, HostTensor time) {
    int batch = Math.toIntExact(time.shape().dimension(0));
    return new FlowHeadSequence(backend, backend.flowHead().newCache(CacheRequest.of(batch)), time);
  }

  @Override
  public FlowHeadSequence fork() {
    return new FlowHeadSequence(backend, cache.fork(), time);
  }

  @Override
  public KvCache cache() {
    return cache;
  }

  @Override
  public void text(HostTensor hidden) {
    try (Tensor uploaded = backend.upload(hidden)) {
      head().append(FlowHeadRequest.text(cache, uploaded));
    }
  }

  /** Appends a finished image that has times of its own. */
  void image(HostTensor hidden, HostTensor itsTime) {
    try (Tensor uploaded = backend.upload(hidden);
        Tensor vector = backend.upload(itsTime)) {
      head().append(FlowHeadRequest.span(cache, uploaded, vector));
    }
  }

  @Override
  public HostTensor span(HostTensor hidden) {
    return velocity(hidden, time);
  }

  /** The velocity at other times than those that the sequence was opened with. */
  HostTensor velocity(HostTensor hidden, HostTensor otherTime) {
    try (Tensor uploaded = backend.upload(hidden);
        Tensor vector = backend.upload(otherTime);
        Tensor velocity = head().velocity(FlowHeadRequest.span(cache, uploaded, vector))) {
      return velocity.toHost();
    }
  }

  /** The velocities of several spans, in one call. */
  static List<HostTensor> velocityAll(List<CachedSequence> sequences, List<HostTensor> spans) {
    if (sequences.isEmpty()) {
      return List.of();
    }
    Backend backend = ((FlowHeadSequence) sequences.get(0)).backend;
    try (Closer closer = new Closer()) {
      List<FlowHeadRequest> requests = new ArrayList<>();
      for (int i = 0; i < sequences.size(); i++) {
        FlowHeadSequence sequence = (FlowHeadSequence) sequences.get(i);
        Tensor span = closer.add(backend.upload(spans.get(i)));
        Tensor time = closer.add(backend.upload(sequence.time));
        requests.add(FlowHeadRequest.span(sequence.cache, span, time));
      }
      List<Tensor> velocities = backend.flowHead().velocityAll(requests);
      velocities.forEach(closer::add);
      return velocities.stream().map(Tensor::toHost).toList();
    }
  }

  private FlowHead head() {
    return backend.flowHead();
  }

  @Override
  public void close() {
    cache.close();
  }
}
