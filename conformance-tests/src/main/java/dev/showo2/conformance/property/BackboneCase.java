package dev.showo2.conformance.property;

import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.List;

/** A sequence of segments; each is evaluated, which must leave no trace, and then appended. */
record BackboneCase(int batch, List<Segment> segments) implements StageCase {

  /**
   * @param first positions of the first part
   * @param second positions of the second part; 0 if there is only one
   */
  record Segment(int first, int second, Attention attention) {}

  @Override
  public void run(StageRun run) {
    if (run.compares(Stage.BACKBONE)) {
      try (KvCache cache = run.backend().backbone().newCache(CacheRequest.of(batch))) {
        for (int i = 0; i < segments.size(); i++) {
          run(run, cache, segments.get(i), "segment " + i);
        }
      }
    }
  }

  private void run(StageRun run, KvCache cache, Segment segment, String name) {
    long width = run.sizes().backbone().hiddenSize();
    try (Tensor first = run.noise(batch, segment.first(), width);
        Tensor second = run.noise(batch, Math.max(1, segment.second()), width)) {
      List<Tensor> parts = segment.second() == 0 ? List.of(first) : List.of(first, second);
      BackboneRequest request = new BackboneRequest(cache, parts, segment.attention());
      Backbone backbone = run.backend().backbone();
      run.keep(name + " evaluated", backbone.evaluate(request));
      run.keep(name + " appended", backbone.append(request));
    }
  }
}
