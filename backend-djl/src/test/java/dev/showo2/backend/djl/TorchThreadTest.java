package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.testing.Tensors;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TorchThreadTest {

  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private int threads;

  @BeforeEach
  void load() {
    DjlEngine.get();
    threads = JniUtils.getNumThreads();
  }

  @AfterEach
  void leavesThreadsAsTheyWere() throws Exception {
    pool.shutdown();
    assertEquals(threads, JniUtils.getNumThreads());
    ExecutorService fresh = Executors.newSingleThreadExecutor();
    try {
      // What a thread begins with is set for all of the process.
      assertEquals(threads, fresh.submit(JniUtils::getNumThreads).get());
    } finally {
      fresh.shutdown();
    }
  }

  /** Tells whether a result records how it came about, so that there is a way back from it. */
  private static boolean recordsGradients() {
    try (NDManager manager = DjlEngine.get().newBaseManager()) {
      NDArray array = manager.ones(new Shape(2));
      array.setRequiresGradient(true);
      NDArray sum = array.mul(array).sum();
      JniUtils.backward((PtNDArray) sum, (PtNDArray) manager.create(1f), false, false);
      return true;
    } catch (EngineException e) {
      assertTrue(e.getMessage().contains("does not require grad"), e.getMessage());
      return false;
    }
  }

  private <T> T onPool(Callable<T> call) throws Exception {
    return pool.submit(call).get();
  }

  @Test
  void callsOnThreadsOfPoolsRecordNoGradients() throws Exception {
    assertTrue(onPool(TorchThreadTest::recordsGradients), "PyTorch does so by itself");
    assertFalse(onPool(() -> TorchThread.call(threads, () -> TorchThreadTest.recordsGradients())));
  }

  /** Training turns them on for its own calls. */
  @Test
  void modeOfTheThreadIsRestored() throws Exception {
    for (boolean mode : new boolean[] {true, false}) {
      assertEquals(
          mode,
          onPool(
              () -> {
                boolean before = JniUtils.isGradMode();
                JniUtils.setGradMode(mode);
                TorchThread.call(threads + 1, () -> recordsGradients());
                assertThrows(
                    IllegalStateException.class,
                    () ->
                        TorchThread.call(
                            threads + 1,
                            () -> {
                              throw new IllegalStateException();
                            }));
                assertEquals(threads, JniUtils.getNumThreads());
                boolean after = JniUtils.isGradMode();
                JniUtils.setGradMode(before);
                return after;
              }));
    }
  }

  /** Two backends with settings of their own at the same time, the second on a new thread. */
  @Test
  void eachCallHasItsNumberOfThreads() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Future<Integer> one =
        pool.submit(
            () ->
                TorchThread.call(
                    1,
                    () -> {
                      inside.countDown();
                      await(done);
                      return JniUtils.getNumThreads();
                    }));
    await(inside);
    assertEquals(3, onPool(() -> TorchThread.call(3, JniUtils::getNumThreads)));
    assertEquals(1, onPool(() -> TorchThread.call(1, JniUtils::getNumThreads)));
    assertEquals(threads, onPool(JniUtils::getNumThreads), "not that of the other's call");
    done.countDown();
    assertEquals(1, one.get());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void backendLeavesItsCallersAsTheyWere() throws Exception {
    try (FixtureModels models = new FixtureModels();
        Backend backend =
            new DjlBackendProvider()
                .open(models.bundle("tiny-a"), BackendConfig.builder().threads(3).build())) {
      assertEquals(threads, JniUtils.getNumThreads());
      onPool(
          () -> {
            boolean before = JniUtils.isGradMode();
            JniUtils.setGradMode(true);
            Tensors.take(
                backend.textEmbedding().embed(TextEmbeddingRequest.of(new int[][] {{1, 2, 3}})));
            assertTrue(JniUtils.isGradMode());
            assertEquals(threads, JniUtils.getNumThreads());
            JniUtils.setGradMode(before);
            return null;
          });
    }
  }
}
