package dev.showo2.export.fake;

import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;

/** Counts positions. */
record FakeBackbone(Behavior behavior, int width) implements Backbone {

  @Override
  public KvCache newCache(CacheRequest request) {
    return new FakeCache(behavior, Stage.BACKBONE);
  }

  @Override
  public Tensor append(BackboneRequest request) {
    Tensor hidden = evaluate(request);
    ((FakeCache) request.cache()).advance((int) hidden.shape().dimension(1));
    return hidden;
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    long length = request.embeddings().stream().mapToLong(part -> part.shape().dimension(1)).sum();
    return behavior.result(Stage.BACKBONE, 1, length, width);
  }
}
