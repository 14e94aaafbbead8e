package dev.showo2.testing;

import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;

/**
 * Gives the length of its cache as velocity; each call is noted as {@code KIND ATTENTION
 * past+segment}, where an appended segment with a time has the kind {@code append modulated}.
 */
record FakeFlowHead(CallLog log) implements FlowHead {

  @Override
  public KvCache newCache(CacheRequest request) {
    log.call("flow cache");
    return log.opened(new FakeCache(log, Stage.FLOW_HEAD, request.batch(), 0));
  }

  @Override
  public void append(FlowHeadRequest request) {
    request.time().ifPresent(time -> FakeTensor.open(log, time));
    String kind = request.time().isPresent() ? "flow append modulated" : "flow append";
    FakeCache.open(log, request.cache()).advance((int) note(kind, request));
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    FakeTensor.open(log, request.time().orElseThrow());
    long segment = note("flow velocity", request);
    return FakeTensor.filled(
        log, request.cache().length(), request.cache().batch(), segment - 1, 64);
  }

  private long note(String kind, FlowHeadRequest request) {
    FakeCache cache = FakeCache.open(log, request.cache());
    long segment = FakeTensor.open(log, request.hidden()).shape().dimension(1);
    log.call(kind + " " + request.attention() + " " + cache.length() + "+" + segment);
    return segment;
  }
}
