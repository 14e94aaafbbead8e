package dev.showo2.conformance.wrapper;

import dev.showo2.model.Architecture;
import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.Optional;

/** Hidden states [B, 1 + L, D] to velocities [B, L, p·p·C]; only what is appended stays. */
record AssertingFlowHead(Watch watch, FlowHead real) implements FlowHead {

  @Override
  public KvCache newCache(CacheRequest request) {
    return AssertingCache.open(
        watch, Stage.FLOW_HEAD, "FlowHead.newCache", request.batch(), () -> real.newCache(request));
  }

  @Override
  public void append(FlowHeadRequest request) {
    try (Call call = watch.begin("FlowHead.append")) {
      Segment segment = segment(call, request);
      segment.cache.grow(
          call,
          segment.positions,
          () ->
              call.runAny(
                  () -> {
                    real.append(segment.real);
                    return null;
                  }));
    }
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    try (Call call = watch.begin("FlowHead.velocity")) {
      Segment segment = segment(call, request);
      call.callerOwes(request.attention() == Attention.FULL, "full attention", request.attention());
      call.callerOwes(
          segment.positions > 1, "a time token and at least one image token", "1 position");
      Architecture architecture = watch.architecture();
      Tensor velocity = segment.cache.keep(call, () -> call.run(() -> real.velocity(segment.real)));
      return call.done(
          call.given(
              "velocities",
              velocity,
              segment.cache.sequences(),
              segment.positions - 1,
              (long) architecture.patchSize()
                  * architecture.patchSize()
                  * architecture.vae().latentChannels()));
    }
  }

  /** What the backend gets to see of a request. */
  private record Segment(AssertingCache cache, long positions, FlowHeadRequest real) {}

  private Segment segment(Call call, FlowHeadRequest request) {
    call.requirePresent("request", request);
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
        new FlowHeadRequest(cache.real(), hidden.real(), request.attention(), time));
  }
}
