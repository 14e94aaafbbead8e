package dev.showo2.export.fake;

import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;

/** Counts positions. */
record FakeFlowHead(Behavior behavior) implements FlowHead {

  @Override
  public KvCache newCache(CacheRequest request) {
    return new FakeCache(behavior, Stage.FLOW_HEAD);
  }

  @Override
  public void append(FlowHeadRequest request) {
    ((FakeCache) request.cache()).advance((int) request.hidden().shape().dimension(1));
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    return behavior.result(Stage.FLOW_HEAD, 1, request.hidden().shape().dimension(1) - 1, 64);
  }
}
