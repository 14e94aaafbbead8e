package dev.showo2.conformance.internal.reference;

import static dev.showo2.conformance.internal.reference.OpenBackend.assertClose;
import static dev.showo2.conformance.internal.reference.OpenBackend.assertFar;
import static dev.showo2.conformance.internal.reference.OpenBackend.take;
import static dev.showo2.stage.Attention.CAUSAL;
import static dev.showo2.stage.Attention.FULL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checks which segments of a sequence see each other. */
@ExtendWith(ExportedModels.class)
class KvCacheTest {

  @Test
  void splittingACausalSegmentChangesNothing(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor whole = open.uploadRandom(1, 2, 6, open.hiddenSize());
        Tensor start = open.backend().upload(positions(whole.toHost(), 0, 4));
        Tensor end = open.backend().upload(positions(whole.toHost(), 4, 6));
        KvCache once = open.backend().backbone().newCache(CacheRequest.of(2));
        KvCache twice = open.backend().backbone().newCache(CacheRequest.of(2))) {
      HostTensor expected = open.append(once, CAUSAL, whole);
      assertClose(positions(expected, 0, 4), open.append(twice, CAUSAL, start));
      assertClose(positions(expected, 4, 6), open.append(twice, CAUSAL, end));
      assertEquals(6, once.length());
      assertEquals(6, twice.length());
    }
  }

  @Test
  void splittingAFullSegmentDoesChangeIt(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor whole = open.uploadRandom(1, 1, 6, open.hiddenSize());
        Tensor start = open.backend().upload(positions(whole.toHost(), 0, 4));
        KvCache cache = open.backend().backbone().newCache(CacheRequest.of(1))) {
      HostTensor full = open.evaluate(cache, FULL, whole);
      assertFar(positions(full, 0, 4), open.evaluate(cache, FULL, start));
      assertFar(full, open.evaluate(cache, CAUSAL, whole));
    }
  }

  @Test
  void partsOfASegmentAreJoinedInTheirOrder(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor whole = open.uploadRandom(2, 2, 5, open.hiddenSize());
        Tensor first = open.backend().upload(positions(whole.toHost(), 0, 1));
        Tensor second = open.backend().upload(positions(whole.toHost(), 1, 5));
        KvCache cache = open.backend().backbone().newCache(CacheRequest.of(2))) {
      assertEquals(open.evaluate(cache, FULL, whole), open.evaluate(cache, FULL, first, second));
    }
  }

  @Test
  void rowsOfABatchDoNotMix(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-b"));
        Tensor both = open.uploadRandom(3, 2, 5, open.hiddenSize());
        Tensor second = open.backend().upload(secondRow(both.toHost()));
        KvCache pair = open.backend().backbone().newCache(CacheRequest.of(2));
        KvCache single = open.backend().backbone().newCache(CacheRequest.of(1))) {
      assertClose(open.append(single, CAUSAL, second), secondRow(open.append(pair, CAUSAL, both)));
    }
  }

  @Test
  void forksGoTheirOwnWaysAndTruncationForgets(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor a = open.uploadRandom(4, 1, 3, open.hiddenSize());
        Tensor b = open.uploadRandom(5, 1, 2, open.hiddenSize());
        KvCache cache = open.backend().backbone().newCache(CacheRequest.of(1))) {
      open.append(cache, CAUSAL, a);
      HostTensor expected;
      try (KvCache fork = cache.fork()) {
        expected = open.append(fork, FULL, b);
        assertEquals(5, fork.length());
        assertEquals(3, cache.length());
        fork.truncate(3);
        assertEquals(expected, open.append(fork, FULL, b));
      }
      assertEquals(expected, open.append(cache, FULL, b));
      cache.truncate(0);
      assertEquals(0, cache.length());
      assertFar(expected, open.evaluate(cache, FULL, b));
      open.append(cache, CAUSAL, a);
      assertEquals(expected, open.append(cache, FULL, b));
      assertThrows(IllegalArgumentException.class, () -> cache.truncate(-1));
      String message =
          assertThrows(IllegalArgumentException.class, () -> cache.truncate(6)).getMessage();
      assertEquals("a cache of 5 positions cannot be cut to 6", message);
    }
  }

  @Test
  void evaluatingLeavesTheCacheAsItWas(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor a = open.uploadRandom(6, 1, 3, open.hiddenSize());
        Tensor b = open.uploadRandom(7, 1, 4, open.hiddenSize());
        KvCache cache = open.backend().backbone().newCache(CacheRequest.of(1))) {
      open.append(cache, CAUSAL, a);
      HostTensor first = open.evaluate(cache, FULL, b);
      assertEquals(3, cache.length());
      assertEquals(first, open.evaluate(cache, FULL, b));
      assertEquals(first, open.append(cache, FULL, b), "appending computes the same");
    }
  }

  @Test
  void theFlowHeadKeepsItsPastAndLeavesItToVelocitiesToo(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-b"));
        Tensor text = open.uploadRandom(8, 1, 5, open.hiddenSize());
        Tensor start = open.backend().upload(positions(text.toHost(), 0, 2));
        Tensor end = open.backend().upload(positions(text.toHost(), 2, 5));
        Tensor span = open.uploadRandom(9, 1, 4, open.hiddenSize());
        Tensor time = open.uploadRandom(10, 1, 64);
        KvCache once = open.backend().flowHead().newCache(CacheRequest.of(1));
        KvCache twice = open.backend().flowHead().newCache(CacheRequest.of(1))) {
      FlowHead head = open.backend().flowHead();
      head.append(FlowHeadRequest.text(once, text));
      head.append(FlowHeadRequest.text(twice, start));
      HostTensor early = take(head.velocity(FlowHeadRequest.span(twice, span, time)));
      head.append(FlowHeadRequest.text(twice, end));
      HostTensor expected = take(head.velocity(FlowHeadRequest.span(once, span, time)));
      assertEquals(Shape.of(1, 3, 64), expected.shape(), "the time token's row is dropped");
      assertFar(expected, early);
      assertClose(expected, take(head.velocity(FlowHeadRequest.span(twice, span, time))));
      assertEquals(expected, take(head.velocity(FlowHeadRequest.span(once, span, time))));
      assertEquals(5, twice.length());
    }
  }

  @Test
  void cachesAreRefusedWhereTheyDoNotBelong(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor a = open.uploadRandom(8, 1, 3, open.hiddenSize());
        KvCache ofFlowHead = open.backend().flowHead().newCache(CacheRequest.of(1));
        KvCache ofTwo = open.backend().backbone().newCache(CacheRequest.of(2))) {
      assertRefused("made by another stage", () -> open.append(ofFlowHead, CAUSAL, a));
      assertRefused("holds 2 sequences, the segment 1", () -> open.append(ofTwo, CAUSAL, a));
      assertRefused(
          "at least one sequence", () -> open.backend().backbone().newCache(CacheRequest.of(0)));
      KvCache closed = open.backend().backbone().newCache(CacheRequest.of(1));
      closed.close();
      closed.close();
      assertThrows(IllegalStateException.class, () -> open.append(closed, CAUSAL, a));
      assertThrows(IllegalStateException.class, closed::fork);
      assertThrows(IllegalStateException.class, () -> closed.truncate(0));
    }
  }

  private static void assertRefused(String part, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(part), message);
  }

  /** Positions of every sequence [B, S, D]. */
  private static HostTensor positions(HostTensor tensor, int from, int to) {
    int batch = (int) tensor.shape().dimension(0);
    int length = (int) tensor.shape().dimension(1);
    int width = (int) tensor.shape().dimension(2);
    HostTensor chosen = HostTensor.zeros(Shape.of(batch, to - from, width));
    int count = (to - from) * width;
    for (int row = 0; row < batch; row++) {
      System.arraycopy(
          tensor.values(), (row * length + from) * width, chosen.values(), row * count, count);
    }
    return chosen;
  }

  private static HostTensor secondRow(HostTensor pair) {
    int half = pair.values().length / 2;
    return new HostTensor(
        Shape.of(1, pair.shape().dimension(1), pair.shape().dimension(2)),
        Arrays.copyOfRange(pair.values(), half, 2 * half));
  }
}
