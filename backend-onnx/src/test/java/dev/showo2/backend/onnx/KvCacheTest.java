package dev.showo2.backend.onnx;

import static dev.showo2.backend.onnx.Differences.assertClose;
import static dev.showo2.backend.onnx.Differences.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ExportedModels.class)
class KvCacheTest {

  @Test
  void splittingACausalSegmentChangesNothing(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor whole = open.uploadRandom(1, 1, 6, open.hiddenSize());
        Tensor start = open.backend().upload(positions(whole.toHost(), 0, 4));
        Tensor end = open.backend().upload(positions(whole.toHost(), 4, 6));
        KvCache once = open.backend().backbone().newCache(CacheRequest.of(1));
        KvCache twice = open.backend().backbone().newCache(CacheRequest.of(1))) {
      HostTensor expected = take(append(open, once, whole));
      assertClose(positions(expected, 0, 4), take(append(open, twice, start)));
      assertClose(positions(expected, 4, 6), take(append(open, twice, end)));
    }
  }

  @Test
  void partsOfASegmentAreJoinedInTheirOrder(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor whole = open.uploadRandom(2, 2, 5, open.hiddenSize());
        Tensor first = open.backend().upload(positions(whole.toHost(), 0, 1));
        Tensor second = open.backend().upload(positions(whole.toHost(), 1, 5));
        KvCache cache = open.backend().backbone().newCache(CacheRequest.of(2))) {
      Backbone backbone = open.backend().backbone();
      HostTensor expected =
          take(backbone.evaluate(BackboneRequest.of(cache, List.of(whole), Attention.FULL)));
      HostTensor joined =
          take(
              backbone.evaluate(BackboneRequest.of(cache, List.of(first, second), Attention.FULL)));
      assertEquals(0, Differences.largest(expected, joined));
    }
  }

  @Test
  void rowsOfABatchDoNotMix(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-b"));
        Tensor both = open.uploadRandom(3, 2, 5, open.hiddenSize());
        Tensor second =
            open.backend()
                .upload(
                    new HostTensor(
                        Shape.of(1, 5, open.hiddenSize()),
                        Arrays.copyOfRange(
                            both.toHost().values(),
                            (int) (5 * open.hiddenSize()),
                            (int) (10 * open.hiddenSize()))));
        KvCache pair = open.backend().backbone().newCache(CacheRequest.of(2));
        KvCache single = open.backend().backbone().newCache(CacheRequest.of(1))) {
      HostTensor together = take(append(open, pair, both));
      HostTensor alone = take(append(open, single, second));
      int half = together.values().length / 2;
      assertClose(
          alone,
          new HostTensor(alone.shape(), Arrays.copyOfRange(together.values(), half, 2 * half)));
    }
  }

  @Test
  void forksGoTheirOwnWaysAndTruncationForgets(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor a = open.uploadRandom(4, 1, 3, open.hiddenSize());
        Tensor b = open.uploadRandom(5, 1, 2, open.hiddenSize());
        KvCache cache = open.backend().backbone().newCache(CacheRequest.of(1))) {
      take(append(open, cache, a));
      HostTensor expected;
      try (KvCache fork = cache.fork()) {
        expected = take(append(open, fork, b));
        assertEquals(5, fork.length());
        assertEquals(3, cache.length());
        fork.truncate(3);
        assertClose(expected, take(append(open, fork, b)));
      }
      assertClose(expected, take(append(open, cache, b)));
      cache.truncate(0);
      assertEquals(0, cache.length());
      take(append(open, cache, a));
      assertClose(expected, take(append(open, cache, b)));
      assertThrows(IllegalArgumentException.class, () -> cache.truncate(6));
      assertThrows(IllegalArgumentException.class, () -> cache.truncate(-1));
    }
  }

  @Test
  void evaluatingLeavesTheCacheAsItWas(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor a = open.uploadRandom(6, 1, 3, open.hiddenSize());
        Tensor b = open.uploadRandom(7, 1, 4, open.hiddenSize());
        KvCache cache = open.backend().backbone().newCache(CacheRequest.of(1))) {
      take(append(open, cache, a));
      BackboneRequest step = BackboneRequest.of(cache, List.of(b), Attention.FULL);
      HostTensor first = take(open.backend().backbone().evaluate(step));
      HostTensor second = take(open.backend().backbone().evaluate(step));
      assertEquals(0, Differences.largest(first, second));
      assertEquals(3, cache.length());
    }
  }

  @Test
  void cachesAreRefusedWhereTheyDoNotBelong(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor a = open.uploadRandom(8, 1, 3, open.hiddenSize());
        KvCache ofFlowHead = open.backend().flowHead().newCache(CacheRequest.of(1));
        KvCache ofTwo = open.backend().backbone().newCache(CacheRequest.of(2))) {
      assertThrows(IllegalArgumentException.class, () -> append(open, ofFlowHead, a));
      assertThrows(IllegalArgumentException.class, () -> append(open, ofTwo, a));
      KvCache closed = open.backend().backbone().newCache(CacheRequest.of(1));
      closed.close();
      closed.close();
      assertThrows(IllegalStateException.class, () -> append(open, closed, a));
      assertThrows(IllegalStateException.class, closed::fork);
      assertThrows(
          IllegalArgumentException.class,
          () -> open.backend().backbone().newCache(CacheRequest.of(0)));
    }
  }

  private static Tensor append(OpenBackend open, KvCache cache, Tensor embeddings) {
    return open.backend()
        .backbone()
        .append(BackboneRequest.of(cache, List.of(embeddings), Attention.CAUSAL));
  }

  /** Positions of every sequence [B, S, D]. */
  private static HostTensor positions(HostTensor tensor, int from, int to) {
    int batch = (int) tensor.shape().dimension(0);
    int length = (int) tensor.shape().dimension(1);
    int width = (int) tensor.shape().dimension(2);
    float[] values = new float[batch * (to - from) * width];
    for (int b = 0; b < batch; b++) {
      System.arraycopy(
          tensor.values(),
          (b * length + from) * width,
          values,
          b * (to - from) * width,
          (to - from) * width);
    }
    return new HostTensor(Shape.of(batch, to - from, width), values);
  }
}
