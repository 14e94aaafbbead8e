package dev.showo2.conformance.wrapper;

import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;

/** Velocities of zero. */
class SmallFlowHead implements FlowHead {

  @Override
  public KvCache newCache(CacheRequest request) {
    return new SmallCache(request.batch(), 0);
  }

  @Override
  public void append(FlowHeadRequest request) {
    ((SmallCache) request.cache()).length += (int) request.hidden().shape().dimension(1);
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    long tokens = request.hidden().shape().dimension(1) - 1;
    return new SmallTensor(request.cache().batch(), tokens, 4 * SmallBackend.CHANNELS);
  }
}
