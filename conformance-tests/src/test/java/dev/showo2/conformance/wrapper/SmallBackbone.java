package dev.showo2.conformance.wrapper;

import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;

/** Zeros for hidden states. */
class SmallBackbone implements Backbone {

  @Override
  public KvCache newCache(CacheRequest request) {
    return new SmallCache(request.batch(), 0);
  }

  @Override
  public Tensor append(BackboneRequest request) {
    ((SmallCache) request.cache()).length += positions(request);
    return evaluate(request);
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    long width = request.embeddings().get(0).shape().dimension(2);
    return new SmallTensor(request.cache().batch(), positions(request), width);
  }

  static int positions(BackboneRequest request) {
    return request.embeddings().stream().mapToInt(part -> (int) part.shape().dimension(1)).sum();
  }
}
