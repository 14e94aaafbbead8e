package dev.showo2.conformance.wrapper;

import dev.showo2.model.Architecture;
import dev.showo2.spi.support.ForwardingFlowHead;
import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Hidden states [B, 1 + L, D] to velocities [B, L, p·p·C]; only what is appended stays. */
final class AssertingFlowHead extends ForwardingFlowHead {

  private final Watch watch;

  AssertingFlowHead(Watch watch, FlowHead delegate) {
    super(delegate);
    this.watch = watch;
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return AssertingCache.open(
        watch, Stage.FLOW_HEAD, "FlowHead.newCache", request, super::newCache);
  }

  @Override
  public void append(FlowHeadRequest request) {
    try (Call call = watch.begin("FlowHead.append")) {
      Segment segment = segment(call, "request", request);
      segment.cache.grow(
          call,
          segment.positions,
          () ->
              call.runAny(
                  () -> {
                    super.append(segment.real);
                    return null;
                  }));
    }
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    try (Call call = watch.begin("FlowHead.velocity")) {
      Segment span = span(call, "request", request);
      Tensor velocity = span.cache.keep(call, () -> call.run(() -> super.velocity(span.real)));
      return call.done(given(call, velocity, span));
    }
  }

  @Override
  public List<Tensor> velocityAll(List<FlowHeadRequest> requests) {
    try (Call call = watch.begin("FlowHead.velocityAll")) {
      call.requirePresent("requests", requests);
      List<Segment> spans = new ArrayList<>();
      for (FlowHeadRequest request : requests) {
        spans.add(span(call, "requests[" + spans.size() + "]", request));
      }
      List<FlowHeadRequest> inner = spans.stream().map(Segment::real).toList();
      List<Tensor> velocities =
          AssertingCache.keepAll(
              call,
              spans.stream().map(Segment::cache).toList(),
              () -> call.runAll(inner.size(), () -> super.velocityAll(inner)));
      List<Tensor> checked = new ArrayList<>();
      for (Segment span : spans) {
        checked.add(given(call, velocities.get(checked.size()), span));
      }
      return call.done(checked);
    }
  }

  /** A request as the caller means it, and as the backend gets to see it. */
  private record Segment(AssertingCache cache, long positions, FlowHeadRequest real) {}

  private Segment span(Call call, String what, FlowHeadRequest request) {
    Segment segment = segment(call, what, request);
    call.callerOwes(request.attention() == Attention.FULL, "full attention", request.attention());
    call.callerOwes(
        segment.positions > 1, "a time token and at least one image token", "1 position");
    return segment;
  }

  private Segment segment(Call call, String what, FlowHeadRequest request) {
    call.requirePresent(what, request);
    Architecture architecture = watch.architecture();
    AssertingCache cache = call.cache(request.cache(), Stage.FLOW_HEAD);
    long batch = cache.sequences();
    AssertingTensor hidden =
        call.tensor(
            "hidden", request.hidden(), batch, Call.ANY, architecture.backbone().hiddenSize());
    boolean full = request.attention() == Attention.FULL;
    call.callerOwes(
        full == request.time().isPresent(),
        full ? "a time with full attention" : "no time with causal attention",
        request.time());
    Optional<Tensor> time =
        request
            .time()
            .map(
                vector ->
                    call.tensor("time", vector, batch, architecture.flowHead().hiddenSize())
                        .real());
    return new Segment(
        cache,
        hidden.dimension(1),
        FlowHeadRequest.of(cache.real(), hidden.real(), request.attention(), time));
  }

  private Tensor given(Call call, Tensor velocity, Segment span) {
    Architecture architecture = watch.architecture();
    return call.given(
        "velocities",
        velocity,
        span.cache.sequences(),
        span.positions - 1,
        (long) architecture.patchSize()
            * architecture.patchSize()
            * architecture.vae().latentChannels());
  }
}
