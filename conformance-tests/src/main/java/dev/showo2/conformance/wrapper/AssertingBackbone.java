package dev.showo2.conformance.wrapper;

import dev.showo2.spi.support.ForwardingBackbone;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Segments [B, S, D] to hidden states of the same shape; only appended ones stay in the cache. */
final class AssertingBackbone extends ForwardingBackbone {

  private final Watch watch;

  AssertingBackbone(Watch watch, Backbone delegate) {
    super(delegate);
    this.watch = watch;
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return AssertingCache.open(
        watch, Stage.BACKBONE, "Backbone.newCache", request, super::newCache);
  }

  @Override
  public Tensor append(BackboneRequest request) {
    return run("Backbone.append", request, super::append, true);
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return run("Backbone.evaluate", request, super::evaluate, false);
  }

  private Tensor run(
      String name,
      BackboneRequest request,
      Function<BackboneRequest, Tensor> stage,
      boolean growing) {
    try (Call call = watch.begin(name)) {
      Segment segment = segment(call, "request", request);
      Tensor hidden =
          segment.cache.grow(
              call,
              growing ? segment.positions : 0,
              () -> call.run(() -> stage.apply(segment.real)));
      return call.done(given(call, hidden, segment));
    }
  }

  @Override
  public List<Tensor> evaluateAll(List<BackboneRequest> requests) {
    try (Call call = watch.begin("Backbone.evaluateAll")) {
      call.requirePresent("requests", requests);
      List<Segment> segments = new ArrayList<>();
      for (BackboneRequest request : requests) {
        segments.add(segment(call, "requests[" + segments.size() + "]", request));
      }
      List<BackboneRequest> inner = segments.stream().map(Segment::real).toList();
      List<Tensor> hidden =
          AssertingCache.keepAll(
              call,
              segments.stream().map(Segment::cache).toList(),
              () -> call.runAll(inner.size(), () -> super.evaluateAll(inner)));
      List<Tensor> checked = new ArrayList<>();
      for (Segment segment : segments) {
        checked.add(given(call, hidden.get(checked.size()), segment));
      }
      return call.done(checked);
    }
  }

  /** A request as the caller means it, and as the backend gets to see it. */
  private record Segment(AssertingCache cache, long positions, BackboneRequest real) {}

  private Segment segment(Call call, String what, BackboneRequest request) {
    call.requirePresent(what, request);
    AssertingCache cache = call.cache(request.cache(), Stage.BACKBONE);
    List<Tensor> parts = new ArrayList<>();
    long positions = 0;
    for (Tensor part : request.embeddings()) {
      AssertingTensor checked =
          call.tensor(
              "embeddings[" + parts.size() + "]", part, cache.sequences(), Call.ANY, width());
      positions += checked.dimension(1);
      parts.add(checked.real());
    }
    return new Segment(
        cache, positions, BackboneRequest.of(cache.real(), parts, request.attention()));
  }

  private Tensor given(Call call, Tensor hidden, Segment segment) {
    return call.given(
        "hidden states", hidden, segment.cache.sequences(), segment.positions, width());
  }

  private int width() {
    return watch.architecture().backbone().hiddenSize();
  }
}
