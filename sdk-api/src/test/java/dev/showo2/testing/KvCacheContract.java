package dev.showo2.testing;

import static dev.showo2.stage.Attention.CAUSAL;
import static dev.showo2.stage.Attention.FULL;
import static dev.showo2.testing.Messages.assertFails;
import static dev.showo2.testing.Tensors.positions;
import static dev.showo2.testing.Tensors.secondRow;
import static dev.showo2.testing.Tensors.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks of the KV caches of a backend: which segments of a sequence see each other. */
public abstract class KvCacheContract {

  /**
   * @param checkpoint of the kit
   */
  protected abstract OpenedBackend open(String checkpoint);

  /** The same but for sums in another order. */
  protected abstract void assertClose(HostTensor expected, HostTensor actual);

  /** Far enough apart that rounding could never explain it. */
  protected abstract void assertFar(HostTensor a, HostTensor b);

  @Test
  void splittingACausalSegmentChangesNothing() {
    try (OpenedBackend open = open("tiny-a");
        Tensor whole = open.uploadRandom(1, 2, 6, open.hiddenSize());
        Tensor start = open.backend().upload(positions(whole.toHost(), 0, 4));
        Tensor end = open.backend().upload(positions(whole.toHost(), 4, 6));
        KvCache once = open.backboneCache(2);
        KvCache twice = open.backboneCache(2)) {
      HostTensor expected = open.append(once, CAUSAL, whole);
      assertClose(positions(expected, 0, 4), open.append(twice, CAUSAL, start));
      assertClose(positions(expected, 4, 6), open.append(twice, CAUSAL, end));
      assertEquals(6, once.length());
      assertEquals(6, twice.length());
    }
  }

  @Test
  void splittingAFullSegmentDoesChangeIt() {
    try (OpenedBackend open = open("tiny-a");
        Tensor whole = open.uploadRandom(1, 1, 6, open.hiddenSize());
        Tensor start = open.backend().upload(positions(whole.toHost(), 0, 4));
        KvCache cache = open.backboneCache(1)) {
      HostTensor full = open.evaluate(cache, FULL, whole);
      assertFar(positions(full, 0, 4), open.evaluate(cache, FULL, start));
      assertFar(full, open.evaluate(cache, CAUSAL, whole));
    }
  }

  @Test
  void partsOfASegmentAreJoinedInTheirOrder() {
    try (OpenedBackend open = open("tiny-a");
        Tensor whole = open.uploadRandom(2, 2, 5, open.hiddenSize());
        Tensor first = open.backend().upload(positions(whole.toHost(), 0, 1));
        Tensor second = open.backend().upload(positions(whole.toHost(), 1, 5));
        KvCache cache = open.backboneCache(2)) {
      assertEquals(open.evaluate(cache, FULL, whole), open.evaluate(cache, FULL, first, second));
    }
  }

  @Test
  void rowsOfABatchDoNotMix() {
    try (OpenedBackend open = open("tiny-b");
        Tensor both = open.uploadRandom(3, 2, 5, open.hiddenSize());
        Tensor second = open.backend().upload(secondRow(both.toHost()));
        KvCache pair = open.backboneCache(2);
        KvCache single = open.backboneCache(1)) {
      assertClose(open.append(single, CAUSAL, second), secondRow(open.append(pair, CAUSAL, both)));
    }
  }

  @Test
  void forksGoTheirOwnWaysAndTruncationForgets() {
    try (OpenedBackend open = open("tiny-a");
        Tensor a = open.uploadRandom(4, 1, 3, open.hiddenSize());
        Tensor b = open.uploadRandom(5, 1, 2, open.hiddenSize());
        KvCache cache = open.backboneCache(1)) {
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
      assertFails(
          IllegalArgumentException.class,
          () -> cache.truncate(6),
          "a cache of 5 positions cannot be cut to 6");
    }
  }

  /** One of them may add to memory that the other holds, too. */
  @Test
  void forksAddSingleTokensInTurn() {
    try (OpenedBackend open = open("tiny-a");
        Tensor text = open.uploadRandom(11, 1, 3, open.hiddenSize());
        Tensor first = open.uploadRandom(12, 1, 1, open.hiddenSize());
        Tensor second = open.uploadRandom(13, 1, 1, open.hiddenSize());
        KvCache cache = open.backboneCache(1);
        KvCache alone = open.backboneCache(1)) {
      open.append(alone, CAUSAL, text);
      List<HostTensor> expected =
          List.of(
              open.append(alone, CAUSAL, second),
              open.append(alone, CAUSAL, first),
              open.append(alone, CAUSAL, second));
      open.append(cache, CAUSAL, text);
      try (KvCache fork = cache.fork()) {
        HostTensor other = open.append(cache, CAUSAL, first);
        assertClose(expected.get(0), open.append(fork, CAUSAL, second));
        assertFar(expected.get(1), open.append(cache, CAUSAL, first));
        assertClose(expected.get(1), open.append(fork, CAUSAL, first));
        cache.truncate(3);
        assertClose(other, open.append(cache, CAUSAL, first));
        assertClose(expected.get(2), open.append(fork, CAUSAL, second));
        fork.truncate(3);
        assertClose(other, open.append(fork, CAUSAL, first));
      }
      cache.truncate(3);
      assertClose(expected.get(0), open.append(cache, CAUSAL, second));
    }
  }

  @Test
  void aCacheGrowsTokenByTokenBeyondWhatWasExpected() {
    int tokens = 70;
    try (OpenedBackend open = open("tiny-a");
        Tensor whole = open.uploadRandom(14, 2, tokens, open.hiddenSize());
        KvCache once = open.backboneCache(2);
        KvCache grown =
            open.backend()
                .backbone()
                .newCache(CacheRequest.builder(2).expectedPositions(5).build())) {
      HostTensor expected = open.append(once, CAUSAL, whole);
      for (int token = 0; token < tokens; token++) {
        try (Tensor one = open.backend().upload(positions(whole.toHost(), token, token + 1))) {
          assertClose(positions(expected, token, token + 1), open.append(grown, CAUSAL, one));
        }
      }
      assertEquals(tokens, grown.length());
    }
  }

  @Test
  void evaluatingLeavesTheCacheAsItWas() {
    try (OpenedBackend open = open("tiny-a");
        Tensor a = open.uploadRandom(6, 1, 3, open.hiddenSize());
        Tensor b = open.uploadRandom(7, 1, 4, open.hiddenSize());
        KvCache cache = open.backboneCache(1)) {
      open.append(cache, CAUSAL, a);
      HostTensor first = open.evaluate(cache, FULL, b);
      assertEquals(3, cache.length());
      assertEquals(first, open.evaluate(cache, FULL, b));
      assertEquals(first, open.append(cache, FULL, b), "appending computes the same");
    }
  }

  @Test
  void theFlowHeadKeepsItsPrefixAndLeavesItToVelocitiesToo() {
    try (OpenedBackend open = open("tiny-b");
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
  void cachesAreRefusedWhereTheyDoNotBelong() {
    try (OpenedBackend open = open("tiny-a");
        Tensor a = open.uploadRandom(8, 1, 3, open.hiddenSize());
        KvCache ofFlowHead = open.backend().flowHead().newCache(CacheRequest.of(1));
        KvCache ofTwo = open.backboneCache(2)) {
      Class<IllegalArgumentException> refused = IllegalArgumentException.class;
      assertFails(refused, () -> open.append(ofFlowHead, CAUSAL, a), "made by another stage");
      assertFails(refused, () -> open.append(ofTwo, CAUSAL, a), "holds 2 sequences, the segment 1");
      assertFails(refused, () -> open.backboneCache(0), "at least one sequence");
      KvCache closed = open.backboneCache(1);
      closed.close();
      closed.close();
      assertThrows(IllegalStateException.class, () -> open.append(closed, CAUSAL, a));
      assertThrows(IllegalStateException.class, closed::fork);
      assertThrows(IllegalStateException.class, () -> closed.truncate(0));
    }
  }
}
