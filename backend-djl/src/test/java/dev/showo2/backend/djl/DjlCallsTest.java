package dev.showo2.backend.djl;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.spi.support.BackendLifetime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DjlCallsTest {

  private BackendLifetime lifetime;
  private DjlCalls calls;

  @BeforeEach
  void open() {
    lifetime = new BackendLifetime("djl");
    calls = new DjlCalls(lifetime, DjlEngine.threads());
  }

  @AfterEach
  void close() {
    lifetime.close(() -> {});
  }

  private ShowO2Exception translated(EngineException failure) {
    ShowO2Exception translated =
        assertThrows(
            ShowO2Exception.class,
            () ->
                calls.run(
                    "stage fusion",
                    () -> {
                      throw failure;
                    }));
    assertSame(failure, translated.getCause());
    return translated;
  }

  /** As PyTorch 2.7 says it on Linux, on Windows, of GPUs, and where C++ itself does. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory:"
            + " you tried to allocate 8 bytes. Error code 12 (Cannot allocate memory)",
        "[enforce fail at alloc_cpu.cpp:118] data. DefaultCPUAllocator: not enough memory: you tried"
            + " to allocate 8 bytes.",
        "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 4.00 GiB",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "std::bad_alloc"
      })
  void lackOfMemoryIsTold(String message) {
    assertEquals(
        "stage fusion: PyTorch could not allocate memory ("
            + message
            + "); free some, or ask for a smaller image",
        assertThrowsInsufficient(message).getMessage());
  }

  private ShowO2Exception assertThrowsInsufficient(String message) {
    ShowO2Exception translated = translated(new EngineException(message));
    assertEquals(InsufficientMemoryException.class, translated.getClass());
    return translated;
  }

  @Test
  void allElseIsAFailureOfTheEngine() {
    ShowO2Exception translated = translated(new EngineException("mat1 and mat2 shapes"));
    assertEquals(BackendException.class, translated.getClass());
    assertEquals("stage fusion: PyTorch failed: mat1 and mat2 shapes", translated.getMessage());
  }

  /** More than any machine has. */
  @Test
  void engineWithoutMemoryGoesOn() {
    try (NDManager manager = DjlEngine.get().newBaseManager()) {
      assertFails(
          InsufficientMemoryException.class,
          () -> calls.run("stage fusion", () -> manager.zeros(new Shape(1L << 50))),
          "stage fusion: PyTorch could not allocate memory (",
          "can't allocate memory");
      assertEquals(3, calls.run("stage fusion", () -> manager.ones(new Shape(3)).sum().getFloat()));
    }
  }

  @Test
  void heapOfTheJvmWithoutMemoryIsTold() {
    assertFails(
        InsufficientMemoryException.class,
        () ->
            calls.run(
                "opening a bundle",
                () -> {
                  throw new OutOfMemoryError("Java heap space");
                }),
        "the heap has no room for opening a bundle (Java heap space)");
  }
}
