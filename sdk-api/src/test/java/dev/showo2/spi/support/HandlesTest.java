package dev.showo2.spi.support;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBundle;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tensors, caches and streams: open, closed, and after their backend. */
class HandlesTest {

  private final BackendLifetime lifetime = new BackendLifetime("toy");
  private final StageArguments<HostBackedTensor, TestCache> arguments =
      new StageArguments<>(
          FakeBundle.architecture(4), lifetime, HostBackedTensor.class, TestCache.class);

  @AfterEach
  void nothingStaysOpen() {
    assertEquals(0, lifetime.openResources());
  }

  private HostBackedTensor tensor(long... shape) {
    return new HostBackedTensor(lifetime, HostTensor.zeros(Shape.of(shape)));
  }

  @Test
  void tensorsGiveTheirValuesUntilTheyAreClosed() {
    FloatBuffer source = FloatBuffer.wrap(new float[] {9, 1, 2, 3, 9}, 1, 4);
    HostBackedTensor tensor = HostBackedTensor.copyOf(lifetime, source, Shape.of(3));
    assertEquals(1, source.position());
    source.put(1, 7);
    assertEquals(ElementType.FLOAT32, tensor.elementType());
    float[] read = new float[5];
    FloatBuffer destination = FloatBuffer.wrap(read, 1, 4);
    tensor.read(destination);
    assertEquals(4, destination.position());
    assertArrayEquals(new float[] {0, 1, 2, 3, 0}, read);
    assertSame(tensor.toHost(), tensor.values());
    assertFails(
        IllegalArgumentException.class,
        () -> tensor.read(FloatBuffer.allocate(2)),
        "[3] has 3 values, the destination takes 2");
    tensor.close();
    tensor.close();
    assertFails(
        IllegalStateException.class,
        () -> tensor.read(FloatBuffer.allocate(3)),
        "the tensor [3] is closed");
    assertFails(IllegalStateException.class, tensor::toHost, "the tensor [3] is closed");
  }

  @Test
  void tensorsAreNotReadOnceTheBackendIsClosed() {
    HostBackedTensor tensor = tensor(2);
    lifetime.close(() -> {});
    assertFails(IllegalStateException.class, tensor::toHost, "the backend 'toy' is closed");
    assertThrows(IllegalStateException.class, () -> tensor.read(FloatBuffer.allocate(2)));
    tensor.close();
  }

  @Test
  void cachesForkAndForget() {
    try (TestCache cache = new TestCache(lifetime, Stage.BACKBONE, 2, 0)) {
      cache.advance(5);
      try (KvCache fork = cache.fork()) {
        fork.truncate(3);
        assertEquals(3, fork.length());
        assertEquals(2, fork.batch());
        assertEquals(5, cache.length());
      }
      assertFails(
          IllegalArgumentException.class,
          () -> cache.truncate(6),
          "a cache of 5 positions cannot be cut to 6");
      assertThrows(IllegalArgumentException.class, () -> cache.truncate(-1));
      assertEquals(5, cache.length());
      cache.failure = new AssertionError("no engine call is needed");
      cache.truncate(5);
      cache.failure = new StackOverflowError("injected");
      assertThrows(StackOverflowError.class, () -> cache.truncate(1));
      assertThrows(StackOverflowError.class, cache::fork);
      assertEquals(5, cache.length(), "length after an engine that failed");
      assertThrows(ArithmeticException.class, () -> cache.advance(Integer.MAX_VALUE));
    }
  }

  @Test
  void closedCachesAreRefused() {
    TestCache cache = new TestCache(lifetime, Stage.FLOW_HEAD, 1, 4);
    cache.close();
    cache.close();
    assertEquals(1, cache.releases);
    assertFails(
        IllegalStateException.class, cache::fork, "the KV cache of stage flow_head is closed");
    assertThrows(IllegalStateException.class, () -> cache.truncate(1));
    assertThrows(
        IllegalArgumentException.class, () -> new TestCache(lifetime, Stage.BACKBONE, 0, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new TestCache(lifetime, Stage.BACKBONE, 1, -1));
  }

  @Test
  void cachesAreRefusedOnceTheBackendIsClosed() {
    TestCache cache = new TestCache(lifetime, Stage.BACKBONE, 1, 4);
    lifetime.close(() -> {});
    assertFails(IllegalStateException.class, cache::fork, "the backend 'toy' is closed");
    assertFails(IllegalStateException.class, () -> cache.truncate(1), "'toy' is closed");
    cache.close();
  }

  @Test
  void streamsTakeChunksInTheirOrder() {
    try (TestStream stream = new TestStream(Stage.VAE_VIDEO_ENCODER);
        Tensor frame = tensor(1, 3, 1, 16, 8);
        Tensor chunk = tensor(1, 3, 4, 16, 8);
        Tensor odd = tensor(1, 3, 1, 16, 12);
        Tensor larger = tensor(1, 3, 4, 16, 16);
        Tensor pair = tensor(2, 3, 4, 16, 8)) {
      assertTrue(stream.isAtStart());
      refused(stream, chunk, "pixels [B, 3, 1, H, W] is needed, found [1, 3, 4, 16, 8]");
      refused(
          stream, odd, "with height and width in multiples of 8 is needed, found [1, 3, 1, 16,");
      stream.failing = true;
      assertThrows(StackOverflowError.class, () -> stream.run(frame));
      assertTrue(stream.isAtStart(), "a chunk that failed was noted");
      stream.failing = false;
      stream.run(frame);
      assertFalse(stream.isAtStart());
      String due =
          "pixels [B, 3, 4, H, W] of the batch and size of the first chunk [1, 3, 1, 16, 8]";
      refused(stream, frame, due + " is needed, found [1, 3, 1, 16, 8]");
      refused(stream, larger, due);
      refused(stream, pair, due);
      stream.run(chunk);
      stream.run(chunk);
    }
  }

  @Test
  void closedStreamsAreRefused() {
    TestStream stream = new TestStream(Stage.VAE_VIDEO_ENCODER);
    stream.close();
    stream.close();
    assertEquals(1, stream.releases);
    try (Tensor frame = tensor(1, 3, 1, 16, 8)) {
      assertFails(
          IllegalStateException.class,
          () -> stream.run(frame),
          "the stream of stage vae_video_encoder is closed");
    }
  }

  @Test
  void streamsOfLatentsTakeOneFrameAtATime() {
    try (TestStream stream = new TestStream(Stage.VAE_VIDEO_DECODER);
        Tensor latent = tensor(2, 16, 1, 3, 2);
        Tensor wider = tensor(2, 16, 1, 3, 3);
        Tensor two = tensor(2, 16, 2, 3, 2)) {
      refused(stream, two, "latents [B, 16, 1, h, w] is needed, found [2, 16, 2, 3, 2]");
      stream.run(latent);
      stream.run(latent);
      refused(
          stream,
          wider,
          "latents [B, 16, 1, h, w] of the batch and size of the first chunk [2, 16, 1, 3, 2] is"
              + " needed, found [2, 16, 1, 3, 3]");
      stream.run(latent);
    }
  }

  @Test
  void otherStagesHaveNoStreams() {
    assertThrows(IllegalArgumentException.class, () -> new TestStream(Stage.FUSION));
  }

  @Test
  void noStreamOpensOnceTheBackendIsClosed() {
    lifetime.close(() -> {});
    assertThrows(IllegalStateException.class, () -> new TestStream(Stage.VAE_VIDEO_DECODER));
  }

  private static void refused(TestStream stream, Tensor chunk, String message) {
    assertFails(IllegalArgumentException.class, () -> stream.run(chunk), message);
  }

  private final class TestStream extends AbstractVaeStream<HostBackedTensor> {

    private boolean failing;
    private int releases;

    private TestStream(Stage stage) {
      super(arguments, stage);
    }

    private void run(Tensor chunk) {
      next(
          chunk,
          own -> {
            if (failing) {
              throw new StackOverflowError("injected");
            }
            return own;
          });
    }

    @Override
    protected void release() {
      releases++;
    }
  }
}
