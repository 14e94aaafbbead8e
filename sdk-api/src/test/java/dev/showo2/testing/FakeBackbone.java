package dev.showo2.testing;

import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;

/** Counts positions; each call is noted as {@code KIND ATTENTION past+segment}. */
record FakeBackbone(CallLog log) implements Backbone {

  @Override
  public KvCache newCache(CacheRequest request) {
    log.call("backbone cache");
    return log.opened(new FakeCache(log, Stage.BACKBONE, request.batch(), 0));
  }

  @Override
  public Tensor append(BackboneRequest request) {
    Tensor hidden = run("backbone append", request);
    FakeCache.open(log, request.cache()).advance((int) hidden.shape().dimension(1));
    return hidden;
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return run("backbone evaluate", request);
  }

  private Tensor run(String kind, BackboneRequest request) {
    FakeCache cache = FakeCache.open(log, request.cache());
    long segment = FakeBackend.positions(log, request.embeddings());
    log.call(kind + " " + request.attention() + " " + cache.length() + "+" + segment);
    return FakeTensor.filled(log, 0, cache.batch(), segment, FakeBackend.HIDDEN);
  }
}
