package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.support.DirectBufferPool;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.Tensors;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls during which an input cannot be made because of an error that is no exception. */
@ExtendWith(ExportedModels.class)
class ErrorCleanUpTest {

  private static final int BATCH = 2;

  @Test
  void anErrorHalfwayLeavesNothingOpen(Models models) throws Exception {
    Bundle bundle = models.bundle("tiny-a");
    FailingBuffers buffers = new FailingBuffers();
    try (OnnxBackend backend =
            OnnxBackend.open(bundle, OnnxOptions.of(BackendConfig.defaults()), buffers.pool);
        Tensor segment = upload(backend, 1, BATCH, 3, width(bundle));
        Tensor part = upload(backend, 2, BATCH, 1, width(bundle));
        Tensor latents = upload(backend, 3, 1, 16, 1, 8, 8);
        KvCache backboneCache = backend.backbone().newCache(CacheRequest.of(BATCH));
        KvCache headCache = backend.flowHead().newCache(CacheRequest.of(BATCH))) {
      backend.backbone().append(request(backboneCache, segment)).close();
      Map<String, Callable<AutoCloseable>> calls = new LinkedHashMap<>();
      calls.put("new cache", () -> backend.backbone().newCache(CacheRequest.of(BATCH)));
      calls.put(
          "evaluate", () -> backend.backbone().evaluate(request(backboneCache, part, segment)));
      calls.put("fork and truncate", () -> truncated(backboneCache));
      calls.put(
          "append to a fork",
          () -> {
            try (KvCache fork = backboneCache.fork()) {
              return backend.backbone().append(request(fork, part, segment));
            }
          });
      calls.put(
          "append to a fork of the flow head",
          () -> {
            KvCache fork = headCache.fork();
            try (fork) {
              backend.flowHead().append(FlowHeadRequest.text(fork, segment));
            }
            return fork;
          });
      calls.put(
          "fuse",
          () -> backend.fusion().fuse(FusionRequest.of(latents, Optional.of(new TokenGrid(2, 3)))));
      calls.put("upload", () -> upload(backend, 4, 1, 5));
      for (Map.Entry<String, Callable<AutoCloseable>> call : calls.entrySet()) {
        int failures = 0;
        while (failsAt(buffers, backend, failures, call)) {
          failures++;
        }
        assertTrue(failures > 0, call.getKey() + " made no input");
      }
    }
  }

  private static KvCache truncated(KvCache cache) {
    KvCache fork = cache.fork();
    try {
      fork.truncate(1);
      return fork;
    } catch (Throwable e) {
      fork.close();
      throw e;
    }
  }

  /** Whether the call makes so many inputs that making the next one failed. */
  private static boolean failsAt(
      FailingBuffers buffers,
      OnnxBackend backend,
      int successes,
      Map.Entry<String, Callable<AutoCloseable>> call)
      throws Exception {
    long before = backend.openValues();
    buffers.failAfter(successes);
    try (AutoCloseable result = call.getValue().call()) {
      assertTrue(result != null, call.getKey());
      return false;
    } catch (StackOverflowError e) {
      assertEquals("injected", e.getMessage());
      assertEquals(before, backend.openValues(), call.getKey() + " after " + successes);
      return true;
    } finally {
      buffers.failAfter(Integer.MAX_VALUE);
    }
  }

  private static BackboneRequest request(KvCache cache, Tensor... parts) {
    return BackboneRequest.of(cache, List.of(parts), Attention.CAUSAL);
  }

  private static Tensor upload(OnnxBackend backend, long seed, long... shape) {
    return backend.upload(Tensors.random(seed, shape));
  }

  private static long width(Bundle bundle) {
    return bundle.architecture().backbone().hiddenSize();
  }

  /** Buffers that fail at a certain one, with an error that nobody expects. */
  private static final class FailingBuffers {

    private static final int RESET = 1 << 20;

    private final DirectBufferPool pool = new DirectBufferPool(this::allocate);
    private int left = Integer.MAX_VALUE;

    private ByteBuffer allocate(int bytes) {
      if (bytes == RESET) {
        throw new OutOfMemoryError("drops the idle buffers of the pool");
      }
      if (left-- == 0) {
        throw new StackOverflowError("injected");
      }
      return ByteBuffer.allocateDirect(bytes);
    }

    /** Lets one allocation fail; none is served by an idle buffer before it. */
    private void failAfter(int successes) {
      left = successes;
      try {
        pool.take(RESET);
        throw new AssertionError("a buffer that cannot be");
      } catch (InsufficientMemoryException e) {
        assertTrue(e.getMessage().contains("drops the idle buffers"), e.getMessage());
      }
    }
  }
}
