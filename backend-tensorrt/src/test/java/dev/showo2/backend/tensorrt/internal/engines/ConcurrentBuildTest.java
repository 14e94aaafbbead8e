package dev.showo2.backend.tensorrt.internal.engines;

import static dev.showo2.backend.tensorrt.internal.engines.CacheFixture.expected;
import static dev.showo2.backend.tensorrt.internal.engines.CacheFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.natives.internal.Seal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Several threads and processes that want plans of one cache at the same time. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ConcurrentBuildTest {

  @TempDir Path folder;
  private CacheFixture fixture;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void setUp() throws IOException {
    fixture = CacheFixture.in(folder);
  }

  @AfterEach
  void tearDown() {
    threads.shutdownNow();
  }

  private static String line(BufferedReader out, String start) throws IOException {
    String line = out.readLine();
    while (line != null && !line.startsWith(start)) {
      line = out.readLine();
    }
    return line;
  }

  @Test
  void threadsThatWantTheSamePlanHaveItBuiltOnce()
      throws IOException, InterruptedException, ExecutionException {
    EngineRequest request = fixture.request("gate.onnx");
    CountDownLatch waiting = new CountDownLatch(3);
    List<Future<String>> plans = new ArrayList<>();
    try (Gate gate = new Gate(fixture.bundle());
        EngineCache first = fixture.open();
        EngineCache second = fixture.open()) {
      for (int i = 0; i < 4; i++) {
        EngineCache cache = i % 2 == 0 ? first : second;
        plans.add(
            threads.submit(
                () -> {
                  try (CachedPlan plan =
                      cache.plan(
                          request,
                          line -> {
                            if (line.startsWith("waiting for another builder of gate.onnx")) {
                              waiting.countDown();
                            }
                          },
                          () -> false)) {
                    return text(plan);
                  }
                }));
      }
      try (Gate.Visitor builder = gate.await()) {
        waiting.await();
        builder.open();
        for (Future<String> plan : plans) {
          assertEquals(expected(request), plan.get());
        }
      }
    }
    assertEquals(List.of("gate.onnx"), fixture.builds());
  }

  @Test
  void differentPlansAreBuiltSideBySide()
      throws IOException, InterruptedException, ExecutionException {
    EngineRequest one = fixture.request("gate-a.onnx");
    EngineRequest two = fixture.request("gate-b.onnx");
    try (Gate gate = new Gate(fixture.bundle());
        EngineCache cache = fixture.open()) {
      Future<String> first = threads.submit(() -> text(cache, one));
      Future<String> second = threads.submit(() -> text(cache, two));
      try (Gate.Visitor builder = gate.await();
          Gate.Visitor other = gate.await()) {
        builder.open();
        other.open();
        assertEquals(expected(one), first.get());
        assertEquals(expected(two), second.get());
      }
    }
  }

  @Test
  void processesThatWantTheSamePlanHaveItBuiltOnce()
      throws IOException, InterruptedException, ExecutionException {
    EngineRequest request = fixture.request("gate.onnx");
    try (Gate gate = new Gate(fixture.bundle());
        EngineCache cache = fixture.open()) {
      Future<String> plan = threads.submit(() -> text(cache, request));
      try (Gate.Visitor builder = gate.await()) {
        Process process = CacheProgram.start(folder, "gate.onnx");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
          assertEquals("waiting for another builder of gate.onnx", out.readLine());
          builder.open();
          assertEquals(expected(request), plan.get());
          assertEquals("got " + expected(request).strip(), line(out, "got "));
          assertEquals(0, process.waitFor());
        } finally {
          process.destroyForcibly();
        }
      }
    }
    assertEquals(List.of("gate.onnx"), fixture.builds());
  }

  @Test
  void aProcessThatIsKilledEndsItsBuilderAndTheNextBuildsAnew()
      throws IOException, InterruptedException, ExecutionException {
    EngineRequest request = fixture.request("gate.onnx");
    try (Gate gate = new Gate(fixture.bundle())) {
      Process process = CacheProgram.start(folder, "gate.onnx");
      try (Gate.Visitor builder = gate.await()) {
        assertFalse(builder.pid() == process.pid());
        process.destroyForcibly().waitFor();
        assertTrue(builder.ends());
      } finally {
        process.destroyForcibly();
      }
      assertEquals(1, fixture.files(".build-").size());
      try (EngineCache cache = fixture.open()) {
        assertEquals(List.of(), fixture.files(".build-"));
        Future<String> plan = threads.submit(() -> text(cache, request));
        try (Gate.Visitor builder = gate.await()) {
          builder.open();
          assertEquals(expected(request), plan.get());
        }
      }
    }
    assertEquals(2, fixture.builds().size());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // No SIGTERM.
  void aProcessThatIsAskedToEndLeavesNothing() throws IOException, InterruptedException {
    try (Gate gate = new Gate(fixture.bundle())) {
      Process process = CacheProgram.start(folder, "gate.onnx");
      try (Gate.Visitor builder = gate.await()) {
        process.toHandle().destroy();
        assertTrue(builder.ends());
        assertEquals(143, process.waitFor());
      } finally {
        process.destroyForcibly();
      }
    }
    assertEquals(List.of(".lock", Seal.SECRET), fixture.files(""));
  }

  @Test
  void whatOthersAreBuildingIsLeftAloneByAnOpening()
      throws IOException, InterruptedException, ExecutionException {
    EngineRequest request = fixture.request("gate.onnx");
    try (Gate gate = new Gate(fixture.bundle())) {
      Process process = CacheProgram.start(folder, "gate.onnx");
      try (Gate.Visitor builder = gate.await();
          BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        try (EngineCache cache = fixture.open()) {
          assertEquals(1, fixture.files(".build-").size());
          builder.open();
          assertEquals("got " + expected(request).strip(), line(out, "got "));
          assertEquals(expected(request), text(cache, request));
        }
      } finally {
        process.destroyForcibly();
      }
    }
    assertEquals(List.of("gate.onnx"), fixture.builds());
  }
}
