package dev.showo2.conformance.fault;

import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;

/** Hands everything on to a right flow head; a fault overrides what it gets wrong. */
class FlowHeadAround implements FlowHead {

  private final FlowHead right;

  FlowHeadAround(FlowHead right) {
    this.right = right;
  }

  /** What becomes of a request. */
  FlowHeadRequest asked(FlowHeadRequest request) {
    return request;
  }

  /** What becomes of velocities, which are the callee's to close. */
  Tensor given(Tensor velocity) {
    return velocity;
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return right.newCache(request);
  }

  @Override
  public void append(FlowHeadRequest request) {
    right.append(asked(request));
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    return given(right.velocity(asked(request)));
  }
}
