package dev.showo2.backend.tensorrt.internal.engines;

import static dev.showo2.backend.tensorrt.internal.engines.CacheFixture.expected;
import static dev.showo2.backend.tensorrt.internal.engines.CacheFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.natives.internal.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes that build, and how they end. None leaves a file, and each leaves the cache usable. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BuildProcessTest {

  @TempDir Path folder;
  private CacheFixture fixture;

  @BeforeEach
  void setUp() throws IOException {
    fixture = CacheFixture.in(folder);
  }

  /** Has a plan built that cannot be, and returns the message. */
  private <T extends ShowO2Exception> String failure(Class<T> type, EngineRequest request)
      throws IOException {
    try (EngineCache cache = fixture.open()) {
      String message = assertThrows(type, () -> text(cache, request)).getMessage();
      assertNothingIsLeft();
      return message;
    }
  }

  private void assertNothingIsLeft() throws IOException {
    assertEquals(List.of(".lock", Seal.SECRET), fixture.files(""));
  }

  @Test
  void aBuilderThatExitsIsReportedWithItsLastLines() throws IOException {
    String message = failure(BackendException.class, fixture.request("exit.onnx"));
    assertTrue(
        message.startsWith(
            "the engine builder, a process of its own, ended with exit code 7 while it built an"
                + " engine of exit.onnx. "),
        message);
    assertTrue(message.contains("printed in the middle"), message);
    assertTrue(message.contains("the last words"), message);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // No signals.
  void aBuilderThatIsKilledIsReportedWithTheSignal()
      throws IOException, InterruptedException, ExecutionException {
    EngineRequest request = fixture.request("gate.onnx");
    try (Gate gate = new Gate(fixture.bundle());
        EngineCache cache = fixture.open()) {
      FutureTask<String> plan = start(() -> text(cache, request));
      try (Gate.Visitor builder = gate.await()) {
        ProcessHandle.of(builder.pid()).orElseThrow().destroyForcibly();
        Throwable failure = assertThrows(ExecutionException.class, plan::get).getCause();
        assertEquals(BackendException.class, failure.getClass());
        assertTrue(
            failure.getMessage().contains("ended with exit code 137 (signal 9)"),
            failure.getMessage());
      }
      assertNothingIsLeft();
      FutureTask<String> again = start(() -> text(cache, request));
      try (Gate.Visitor builder = gate.await()) {
        builder.open();
        assertEquals(expected(request), again.get());
      }
    }
  }

  @Test
  void failuresKeepTheirKind() throws IOException {
    assertEquals(
        "no engine can be built of unsupported.onnx: no operator Foo",
        failure(UnsupportedFeatureException.class, fixture.request("unsupported.onnx")));
    assertEquals(
        "no engine can be built of memory.onnx: no room on the GPU",
        failure(InsufficientMemoryException.class, fixture.request("memory.onnx")));
    assertEquals(
        "no engine can be built of bug.onnx: java.lang.IllegalStateException: a bug",
        failure(BackendException.class, fixture.request("bug.onnx")));
  }

  @Test
  @EnabledOnOs(OS.LINUX) // Has a device that is always full.
  void aFullDiskIsReportedWithTheFolderTheBytesAndTheRemedy() throws IOException {
    EngineRequest request = fixture.request("full.onnx");
    Files.write(fixture.bundle().resolve("weights"), new byte[1000]);
    long bytes = Files.size(request.spec().graph()) + 1000;
    String message = failure(BackendException.class, request);
    String pattern =
        "no engine of full.onnx can be written to .*cache/tensorrt \\(No space left on device\\);"
            + " about "
            + bytes
            + " bytes are needed, \\d+ bytes are free there; make room there, or name another"
            + " folder with BackendConfig.cacheDirectory";
    assertTrue(message.matches(pattern), message);
  }

  @Test
  void aMissingClassIsReported() throws IOException {
    EngineRequest request = fixture.request("a.onnx");
    EngineRequest elsewhere =
        new EngineRequest(
            request.spec(),
            request.options(),
            0,
            request.platform(),
            request.builder(),
            request.hashes(),
            Optional.of(folder.toString()));
    String message = failure(BackendException.class, elsewhere);
    assertTrue(message.contains("ended with exit code 1"), message);
    assertTrue(message.contains(BuildProgram.class.getName()), message);
  }

  @Test
  void aCancelledBuildEndsItsProcess() throws IOException, ExecutionException {
    EngineRequest request = fixture.request("gate.onnx");
    AtomicBoolean cancelled = new AtomicBoolean();
    try (Gate gate = new Gate(fixture.bundle());
        EngineCache cache = fixture.open()) {
      FutureTask<String> plan = start(() -> text(cache.plan(request, line -> {}, cancelled::get)));
      try (Gate.Visitor builder = gate.await()) {
        cancelled.set(true);
        Throwable failure = assertThrows(ExecutionException.class, plan::get).getCause();
        assertEquals(CancelledException.class, failure.getClass());
        assertEquals("cancelled while an engine of gate.onnx was built", failure.getMessage());
        assertTrue(builder.ends());
      }
      assertNothingIsLeft();
    }
  }

  @Test
  void anInterruptEndsTheBuild() throws IOException, InterruptedException {
    EngineRequest request = fixture.request("gate.onnx");
    try (Gate gate = new Gate(fixture.bundle());
        EngineCache cache = fixture.open()) {
      AtomicBoolean interrupted = new AtomicBoolean();
      Thread thread =
          new Thread(
              () -> {
                assertThrows(CancelledException.class, () -> text(cache, request));
                interrupted.set(Thread.currentThread().isInterrupted());
              });
      thread.start();
      try (Gate.Visitor builder = gate.await()) {
        thread.interrupt();
        thread.join();
        assertTrue(builder.ends());
      }
      assertTrue(interrupted.get(), "the thread stays interrupted");
      assertNothingIsLeft();
    }
  }

  @Test
  void aWaitForAnotherBuilderCanBeCancelled() throws IOException, InterruptedException {
    EngineRequest request = fixture.request("gate.onnx");
    AtomicBoolean cancelled = new AtomicBoolean();
    CountDownLatch waiting = new CountDownLatch(1);
    try (Gate gate = new Gate(fixture.bundle());
        EngineCache cache = fixture.open()) {
      FutureTask<String> plan = start(() -> text(cache, request));
      try (Gate.Visitor builder = gate.await()) {
        FutureTask<String> other =
            start(() -> text(cache.plan(request, line -> waiting.countDown(), cancelled::get)));
        waiting.await();
        cancelled.set(true);
        Throwable failure = assertThrows(ExecutionException.class, other::get).getCause();
        assertEquals(CancelledException.class, failure.getClass());
        builder.open();
        assertEquals(expected(request), assertReturns(plan));
      }
    }
  }

  @Test
  void aListenerThatThrowsEndsTheBuild() throws IOException {
    EngineRequest request = fixture.request("a.onnx");
    try (EngineCache cache = fixture.open()) {
      assertThrows(
          ArithmeticException.class,
          () ->
              cache.plan(
                  request,
                  line -> {
                    if (line.startsWith("testing")) {
                      throw new ArithmeticException(line);
                    }
                  },
                  () -> false));
      assertNothingIsLeft();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // Has no such program.
  void processesThatTheBuilderHasStartedEndWithIt() throws IOException, InterruptedException {
    EngineRequest request = fixture.request("child-gate.onnx");
    AtomicBoolean cancelled = new AtomicBoolean();
    try (Gate gate = new Gate(fixture.bundle());
        EngineCache cache = fixture.open()) {
      FutureTask<String> plan = start(() -> text(cache.plan(request, line -> {}, cancelled::get)));
      try (Gate.Visitor builder = gate.await()) {
        long pid = Long.parseLong(Files.readString(fixture.bundle().resolve("child")));
        Optional<ProcessHandle> child = ProcessHandle.of(pid);
        assertTrue(child.isPresent());
        cancelled.set(true);
        assertThrows(ExecutionException.class, plan::get);
        child.get().onExit().join();
        assertTrue(builder.ends());
      }
    }
  }

  private static String assertReturns(FutureTask<String> task) throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private static FutureTask<String> start(Callable<String> call) {
    FutureTask<String> task = new FutureTask<>(call);
    new Thread(task).start();
    return task;
  }
}
