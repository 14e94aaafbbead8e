package dev.showo2.testing;

import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;

/** Counts positions; each call is noted as {@code KIND ATTENTION past+segment}. */
record FakeBackbone(FakeResults results, int width) implements Backbone {

  @Override
  public KvCache newCache(CacheRequest request) {
    results.log().call("backbone cache");
    return new FakeCache(results.log(), Stage.BACKBONE, request.batch(), 0);
  }

  @Override
  public Tensor append(BackboneRequest request) {
    FakeTensor hidden = run("backbone append", request);
    FakeCache cache = FakeCache.open(results.log(), request.cache());
    cache.advance((int) positions(request));
    return hidden;
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return run("backbone evaluate", request);
  }

  private FakeTensor run(String kind, BackboneRequest request) {
    FakeCache cache = FakeCache.open(results.log(), request.cache());
    long segment = positions(request);
    results.log().call(kind + " " + request.attention() + " " + cache.length() + "+" + segment);
    return results.first(Stage.BACKBONE, HostTensor.zeros(Shape.of(cache.batch(), segment, width)));
  }

  private long positions(BackboneRequest request) {
    return request.embeddings().stream()
        .mapToLong(part -> results.open(part).shape().dimension(1))
        .sum();
  }
}
