package dev.showo2.conformance.wrapper;

import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Segments [B, S, D] to hidden states of the same shape; only appended ones stay in the cache. */
record AssertingBackbone(Watch watch, Backbone real) implements Backbone {

  @Override
  public KvCache newCache(CacheRequest request) {
    return AssertingCache.open(
        watch, Stage.BACKBONE, "Backbone.newCache", request.batch(), () -> real.newCache(request));
  }

  @Override
  public Tensor append(BackboneRequest request) {
    return run("Backbone.append", request, real::append, true);
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return run("Backbone.evaluate", request, real::evaluate, false);
  }

  private Tensor run(
      String name,
      BackboneRequest request,
      Function<BackboneRequest, Tensor> stage,
      boolean growing) {
    try (Call call = watch.begin(name)) {
      call.requirePresent("request", request);
      AssertingCache cache = call.cache(request.cache(), Stage.BACKBONE);
      int width = watch.architecture().backbone().hiddenSize();
      List<Tensor> parts = new ArrayList<>();
      long positions = 0;
      for (Tensor part : request.embeddings()) {
        String what = "embeddings[" + parts.size() + "]";
        AssertingTensor checked = call.tensor(what, part, cache.sequences(), Call.ANY, width);
        positions += checked.dimension(1);
        parts.add(checked.real());
      }
      BackboneRequest inner = new BackboneRequest(cache.real(), parts, request.attention());
      Tensor hidden =
          cache.grow(call, growing ? positions : 0, () -> call.run(() -> stage.apply(inner)));
      return call.done(call.given("hidden states", hidden, cache.sequences(), positions, width));
    }
  }
}
