package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.spi.support.ForwardingBackbone;
import dev.showo2.spi.support.ForwardingKvCache;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeCache;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Backends whose caches are not as long or as separate as the SPI promises. */
class CacheContractTest extends WrapperTest {

  @Test
  void cachesGrowByTheSegmentAndOnlyWhenAppended() {
    fake.backbone(
        new ForwardingBackbone(fake.backbone()) {
          @Override
          public Tensor append(BackboneRequest request) {
            return super.evaluate(request);
          }

          @Override
          public Tensor evaluate(BackboneRequest request) {
            return super.append(request);
          }
        });
    Tensor part = tensor(1, 3, 8);
    KvCache cache = backend.backbone().newCache(CacheRequest.of(1));
    BackboneRequest request = BackboneRequest.of(cache, List.of(part), Attention.CAUSAL);
    assertBackendBroke(
        "Backbone.append",
        "a cache of length 3 is expected, found length 0",
        () -> backend.backbone().append(request));
    KvCache another = backend.backbone().newCache(CacheRequest.of(1));
    assertBackendBroke(
        "Backbone.evaluate",
        "a cache of length 0 is expected, found length 6",
        () ->
            backend
                .backbone()
                .evaluate(BackboneRequest.of(another, List.of(part, part), Attention.FULL)));
  }

  @Test
  void aSegmentThatFoundNoMemoryLeavesTheCacheAsItWas() {
    fake.backbone(
        new ForwardingBackbone(fake.backbone()) {
          @Override
          public Tensor append(BackboneRequest request) {
            super.append(request).close();
            throw request.embeddings().size() > 1
                ? new InsufficientMemoryException("no memory")
                : new BackendException("broken");
          }
        });
    Tensor two = tensor(1, 2, 8);
    KvCache cache = backend.backbone().newCache(CacheRequest.of(1));
    assertThrows(
        BackendException.class,
        () -> backend.backbone().append(BackboneRequest.of(cache, List.of(two), Attention.FULL)));
    assertEquals(2, cache.length(), "other failures promise nothing");
    assertBackendBroke(
        "Backbone.append",
        "a cache of length 2 is expected, found length 6",
        () ->
            backend
                .backbone()
                .append(BackboneRequest.of(cache, List.of(two, two), Attention.FULL)));
  }

  @Test
  void forksAndTruncatedCachesAreAsLongAsPromised() {
    KvCache broken =
        new ForwardingKvCache(cache(2)) {
          private int length;

          @Override
          public int length() {
            return length;
          }

          @Override
          public KvCache fork() {
            return cache(1);
          }

          @Override
          public void truncate(int newLength) {
            length = newLength + 1;
          }
        };
    fake.backbone(
        new ForwardingBackbone(fake.backbone()) {
          @Override
          public KvCache newCache(CacheRequest request) {
            return broken;
          }
        });
    assertBackendBroke(
        "Backbone.newCache",
        "a cache of batch 1 is expected, found batch 2",
        () -> backend.backbone().newCache(CacheRequest.of(1)));
    KvCache cache = backend.backbone().newCache(CacheRequest.of(2));
    assertBackendBroke(
        "KvCache.fork", "a cache of batch 2 is expected, found batch 1", cache::fork);
    assertBackendBroke(
        "KvCache.truncate",
        "a cache of length 0 is expected, found length 1",
        () -> cache.truncate(0));
    assertBackendBroke(
        "KvCache.length", "a cache of length 0 is expected, found length 1", cache::length);
    assertBackendBroke(
        "Backbone.newCache",
        "another object each time is expected, found one that is still open: " + broken,
        () -> backend.backbone().newCache(CacheRequest.of(2)));
  }

  private KvCache cache(int batch) {
    return new FakeCache(fake.log(), Stage.BACKBONE, batch, 0);
  }

  @Test
  void aForkIsAnotherCache() {
    fake.backbone(
        new ForwardingBackbone(fake.backbone()) {
          @Override
          public KvCache newCache(CacheRequest request) {
            return new ForwardingKvCache(super.newCache(request)) {
              @Override
              public KvCache fork() {
                return this;
              }

              @Override
              public String toString() {
                return "itself";
              }
            };
          }
        });
    KvCache cache = backend.backbone().newCache(CacheRequest.of(1));
    assertBackendBroke(
        "KvCache.fork",
        "another object each time is expected, found one that is still open: itself",
        cache::fork);
  }
}
