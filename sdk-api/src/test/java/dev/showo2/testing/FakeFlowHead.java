package dev.showo2.testing;

import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;

/**
 * Gives the length of its cache as velocity; each call is noted as {@code KIND ATTENTION
 * past+segment}, where an appended segment with a time has the kind {@code append modulated}.
 */
record FakeFlowHead(FakeResults results, int velocitySize) implements FlowHead {

  @Override
  public KvCache newCache(CacheRequest request) {
    results.log().call("flow cache");
    return new FakeCache(results.log(), Stage.FLOW_HEAD, request.batch(), 0);
  }

  @Override
  public void append(FlowHeadRequest request) {
    request.time().ifPresent(results::open);
    String kind = request.time().isPresent() ? "flow append modulated" : "flow append";
    FakeCache.open(results.log(), request.cache()).advance((int) note(kind, request));
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    results.open(request.time().orElseThrow());
    long segment = note("flow velocity", request);
    KvCache cache = request.cache();
    return results.first(
        Stage.FLOW_HEAD,
        FakeResults.filled(cache.length(), Shape.of(cache.batch(), segment - 1, velocitySize)));
  }

  private long note(String kind, FlowHeadRequest request) {
    FakeCache cache = FakeCache.open(results.log(), request.cache());
    long segment = results.open(request.hidden()).shape().dimension(1);
    results.log().call(kind + " " + request.attention() + " " + cache.length() + "+" + segment);
    return segment;
  }
}
