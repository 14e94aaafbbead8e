package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.KvCacheContract;
import dev.showo2.testing.OpenedBackend;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Caches in preallocated memory, which forks share until they differ. */
@ExtendWith(ExportedFixtures.class)
class DjlKvCacheTest extends KvCacheContract {

  private static final float TOLERANCE = 1e-4f;

  private static FixtureModels models;

  @BeforeAll
  static void use(FixtureModels exported) {
    models = exported;
  }

  @Override
  protected OpenedBackend open(String checkpoint) {
    return OpenDjl.open(models.bundle(checkpoint));
  }

  @Override
  protected void assertClose(HostTensor expected, HostTensor actual) {
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.values(), actual.values(), TOLERANCE);
  }

  @Override
  protected void assertFar(HostTensor a, HostTensor b) {
    float largest = 0;
    for (int i = 0; i < a.values().length; i++) {
      largest = Math.max(largest, Math.abs(a.values()[i] - b.values()[i]));
    }
    assertTrue(largest > TOLERANCE, "the same values");
  }

  private static void append(OpenDjl open, KvCache cache, int seed, int positions) {
    Backbone backbone = open.backend().backbone();
    try (Tensor own = open.uploadRandom(seed, 1, positions, open.hiddenSize())) {
      backbone.append(BackboneRequest.of(cache, List.of(own), Attention.CAUSAL)).close();
    }
  }

  private static KeyValueStore store(KvCache cache) {
    return ((DjlKvCache) cache).store();
  }

  @Test
  void isAllocatedOnceForTheExpectedLength() {
    try (OpenDjl open = OpenDjl.open(models.bundle("tiny-a"));
        KvCache cache =
            open.backend()
                .backbone()
                .newCache(CacheRequest.builder(1).expectedPositions(100).build())) {
      KeyValueStore first = store(cache);
      assertEquals(100, first.capacity());
      for (int i = 0; i < 20; i++) {
        append(open, cache, i, 5);
      }
      assertSame(first, store(cache));
      append(open, cache, 20, 5);
      assertNotSame(first, store(cache), "the hint is no limit");
      assertEquals(105, cache.length());
    }
  }

  @Test
  void onlyTheForkThatComesSecondCopies() {
    try (OpenDjl open = OpenDjl.open(models.bundle("tiny-a"));
        KvCache one = open.backend().backbone().newCache(CacheRequest.of(1))) {
      append(open, one, 1, 3);
      KeyValueStore shared = store(one);
      try (KvCache other = one.fork()) {
        assertSame(shared, store(other));
        append(open, one, 2, 1);
        assertSame(shared, store(one));
        append(open, other, 3, 1);
        assertNotSame(shared, store(other));
        other.truncate(1);
        append(open, other, 4, 2);
        assertEquals(3, other.length());
      }
    }
  }

  @Test
  void truncatedPositionsAreWrittenOverInPlace() {
    try (OpenDjl open = OpenDjl.open(models.bundle("tiny-a"));
        KvCache cache = open.backend().backbone().newCache(CacheRequest.of(1))) {
      append(open, cache, 1, 6);
      KeyValueStore store = store(cache);
      cache.truncate(2);
      append(open, cache, 2, 3);
      assertSame(store, store(cache));
    }
  }
}
