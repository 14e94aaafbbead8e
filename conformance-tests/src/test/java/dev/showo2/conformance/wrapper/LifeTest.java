package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.spi.support.ForwardingBackbone;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Opening, closing, and threads. */
class LifeTest extends WrapperTest {

  @Test
  void whatIsClosedIsNotUsed() {
    Tensor tensor = tensor(1, 2, 8);
    tensor.close();
    String found = "an open tensor [1, 2, 8] is expected, found a closed one";
    assertCallerBroke("Tensor.toHost", found, tensor::toHost);
    assertCallerBroke("Tensor.shape", found, tensor::shape);
    assertCallerBroke(
        "LanguageHead.logits",
        found,
        () -> backend.languageHead().logits(LanguageHeadRequest.last(tensor)));
    KvCache cache = backend.backbone().newCache(CacheRequest.of(3));
    cache.close();
    assertCallerBroke(
        "KvCache.length",
        "an open cache of 3 sequences of backbone is expected, found a closed one",
        cache::length);
    VaeDecoderStream stream = backend.vaeDecoder().openStream(VaeStreamRequest.unspecified());
    stream.close();
    assertCallerBroke(
        "VaeDecoderStream.decode",
        "an open decoder stream is expected, found a closed one",
        () -> stream.decode(tensor));
    backend.close();
    assertCallerBroke(
        "Backend.fusion",
        "an open backend is expected, found a closed one",
        () -> backend.fusion());
  }

  @Test
  void closingTwiceIsAllowedAndPassedOn() {
    SmallTensor real = new SmallTensor(2);
    uploaded = real;
    Tensor tensor = tensor(2);
    tensor.close();
    tensor.close();
    assertEquals(2, real.closings);
    backend.close();
    backend.close();
    assertEquals(2, closings);
  }

  @Test
  void closingThrowsNothing() {
    RuntimeException failure = new IllegalStateException("busy");
    uploaded =
        new SmallTensor(2) {
          @Override
          public void close() {
            throw failure;
          }
        };
    Tensor tensor = tensor(2);
    assertBackendBroke(
        "Tensor.close", "a close that throws nothing is expected, found " + failure, tensor::close);
  }

  @Test
  void whatIsLeftOpenIsListedWithWhereItCameFrom() {
    Tensor first = tensor(1, 2, 8);
    backend.upload(first.toHost());
    KvCache cache = backend.backbone().newCache(CacheRequest.of(1));
    cache.fork();
    backend.vaeEncoder().openStream(VaeStreamRequest.unspecified());
    Tensor closed = tensor(3);
    closed.close();
    assertEquals(5, backend.openHandles());
    AssertionError error = assertThrows(AssertionError.class, backend::close);
    assertEquals(
        "the caller broke the contract of Backend.close: nothing left open is expected, found 5"
            + " left open: 2 x tensor [1, 2, 8], 2 x cache of 1 sequences of backbone,"
            + " 1 x encoder stream",
        error.getMessage());
    assertEquals(
        "tensor [1, 2, 8] was opened here, by Backend.upload", error.getCause().getMessage());
    assertTrue(
        Arrays.stream(error.getCause().getStackTrace())
            .anyMatch(
                frame ->
                    frame.getMethodName().equals("whatIsLeftOpenIsListedWithWhereItCameFrom")));
    assertEquals(1, closings, "closed all the same");
    backend.close();
  }

  @Test
  void aClosedObjectMayBeHandedOutAnew() {
    uploaded = new SmallTensor(2);
    Tensor first = tensor(2);
    first.close();
    Tensor second = tensor(2);
    first.close();
    assertEquals(1, backend.openHandles());
    second.close();
    backend.close();
    assertEquals(0, backend.openHandles());
  }

  @Test
  void aCacheServesOneThreadAtATime() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    fake.backbone(
        new ForwardingBackbone(fake.backbone()) {
          @Override
          public Tensor append(BackboneRequest request) {
            inside.countDown();
            await(release);
            return super.append(request);
          }
        });
    KvCache cache = backend.backbone().newCache(CacheRequest.of(1));
    Tensor part = tensor(1, 2, 8);
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () ->
                backend
                    .backbone()
                    .append(BackboneRequest.of(cache, List.of(part), Attention.CAUSAL))
                    .close(),
            task -> new Thread(task, "other").start());
    await(inside);
    String user = " that no other thread is using is expected, found thread 'other' in the middle";
    assertCallerBroke(
        "KvCache.fork",
        "a cache of 1 sequences of backbone" + user + " of Backbone.append",
        cache::fork);
    assertCallerBroke(
        "KvCache.close",
        "a cache of 1 sequences of backbone" + user + " of Backbone.append",
        cache::close);
    assertCallerBroke(
        "Tensor.close", "a tensor [1, 2, 8]" + user + " of Backbone.append", part::close);
    part.read(FloatBuffer.allocate(16));
    release.countDown();
    other.get();
    assertEquals(2, cache.length());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void stagesServeSeveralThreads() throws Exception {
    TextEmbeddingRequest text = TextEmbeddingRequest.of(new int[][] {{1, 2}});
    List<CompletableFuture<Void>> all =
        IntStream.range(0, 4)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int i = 0; i < 100; i++) {
                            backend.textEmbedding().embed(text).close();
                          }
                        }))
            .toList();
    for (CompletableFuture<Void> each : all) {
      each.get();
    }
    backend.close();
    assertEquals(0, backend.openHandles());
  }
}
