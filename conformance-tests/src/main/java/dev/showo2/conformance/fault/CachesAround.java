package dev.showo2.conformance.fault;

import dev.showo2.spi.Backend;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import java.util.function.UnaryOperator;

/** Right stages with faulty caches. */
final class CachesAround extends BackendAround {

  private final UnaryOperator<KvCache> faulty;

  /**
   * @param faulty from a right cache to a {@link CacheAround}
   */
  CachesAround(Backend right, UnaryOperator<KvCache> faulty) {
    super(right);
    this.faulty = faulty;
  }

  @Override
  public Backbone backbone() {
    return new BackboneAround(super.backbone()) {
      @Override
      public KvCache newCache(CacheRequest request) {
        return faulty.apply(super.newCache(request));
      }

      @Override
      BackboneRequest asked(BackboneRequest request) {
        return new BackboneRequest(
            CacheAround.right(request.cache()), request.embeddings(), request.attention());
      }
    };
  }

  @Override
  public FlowHead flowHead() {
    return new FlowHeadAround(super.flowHead()) {
      @Override
      public KvCache newCache(CacheRequest request) {
        return faulty.apply(super.newCache(request));
      }

      @Override
      FlowHeadRequest asked(FlowHeadRequest request) {
        return new FlowHeadRequest(
            CacheAround.right(request.cache()),
            request.hidden(),
            request.attention(),
            request.time());
      }
    };
  }
}
