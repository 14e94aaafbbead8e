package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtException;
import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.model.GraphFile;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.support.DirectBufferPool;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever runs out of memory says so in the one way that callers can act upon. */
@ExtendWith(ExportedModels.class)
class OutOfMemoryTest {

  /**
   * Attention over so many in 4 heads takes 256 GiB at once where the graph holds its scores, as
   * the portable one does, and the rest next to nothing.
   */
  private static final long POSITIONS = 1 << 17;

  private static final long NEEDED = 256L << 30;

  /** Other systems, and Linux where it is told to, promise any amount. */
  @EnabledOnOs(OS.LINUX)
  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void whatTheEngineCannotAllocate(String arena, Models models) throws IOException {
    Path policy = Path.of("/proc/sys/vm/overcommit_memory");
    assumeTrue(!Files.readString(policy).strip().equals("1"), "any amount is promised here");
    assumeTrue(
        VaeMemoryLimit.ofThisMachine().orElseThrow() < NEEDED, "this machine has that much memory");
    BackendConfig config =
        BackendConfig.builder()
            .option("memory-arena", arena)
            .option("dialect", GraphFile.PORTABLE)
            .build();
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"), config);
        Tensor embeddings = open.uploadRandom(1, 1, POSITIONS, open.hiddenSize());
        KvCache cache = open.backend().backbone().newCache(CacheRequest.of(1))) {
      long before = open.backend().openValues();
      BackboneRequest request = BackboneRequest.of(cache, List.of(embeddings), Attention.FULL);
      InsufficientMemoryException failure =
          assertThrows(
              InsufficientMemoryException.class, () -> open.backend().backbone().evaluate(request));
      assertTrue(
          failure.getMessage().startsWith("stage backbone: ONNX Runtime could not allocate memory"),
          failure.getMessage());
      assertInstanceOf(OrtException.class, failure.getCause());
      assertEquals(before, open.backend().openValues());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Failed to allocate memory for requested buffer of size 4398046511104",
        "Non-zero status code returned while running FusedMatMul node. Status Message:"
            + " std::bad_alloc",
        "CUDA failure 2: out of memory ; GPU=0",
        "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED"
      })
  void whatTheEngineSaysWhenMemoryIsShort(String message) {
    OrtException failure = new OrtException(message);
    assertInstanceOf(
        InsufficientMemoryException.class, OnnxContext.FAILURES.during("stage fusion", failure));
  }

  @Test
  void otherFailuresAreTheEngines() {
    OrtException failure = new OrtException("Got invalid dimensions for input: latents");
    assertInstanceOf(BackendException.class, OnnxContext.FAILURES.during("stage fusion", failure));
  }

  @Test
  void imagesThatNoBufferHoldsAreRefusedBeforeTheyAreCopied() {
    DirectBufferPool pool = new DirectBufferPool();
    String message =
        assertThrows(InsufficientMemoryException.class, () -> pool.take(1L << 31)).getMessage();
    assertEquals(
        "a tensor of 2048 MiB is more than a Java buffer holds; ask for a smaller image", message);
  }
}
