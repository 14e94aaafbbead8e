package dev.showo2.backend.tensorrt.internal.engines;

import static dev.showo2.backend.tensorrt.internal.engines.CacheFixture.expected;
import static dev.showo2.backend.tensorrt.internal.engines.CacheFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plans that are deleted when there are too many. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CacheLimitTest {

  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir static Path built;
  @TempDir Path folder;
  private CacheFixture fixture;
  private EngineRequest a;
  private EngineRequest b;
  private EngineRequest c;
  private long bytes;

  @BeforeAll
  static void build() throws IOException {
    CacheFixture fixture = CacheFixture.in(built);
    try (EngineCache cache = fixture.open()) {
      text(cache, fixture.request("a-keep.onnx"));
      text(cache, fixture.request("b-keep.onnx"));
    }
  }

  /** Two plans of the same size, of which the first is the older one; the third is of that size. */
  @BeforeEach
  void setUp() throws IOException {
    fixture = CacheFixture.in(folder);
    a = fixture.request("a-keep.onnx");
    b = fixture.request("b-keep.onnx");
    c = fixture.request("c-keep.onnx");
    fixture.open().close();
    try (Stream<Path> files = Files.list(CacheFixture.in(built).directory())) {
      for (Path file : files.toList()) {
        // With permissions, without which the secret is none.
        Files.copy(
            file,
            fixture.directory().resolve(file.getFileName()),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    bytes = Files.size(fixture.plan(a));
    age(a, 10);
    age(b, 5);
  }

  private void age(EngineRequest request, int days) throws IOException {
    Files.setLastModifiedTime(
        fixture.plan(request), FileTime.from(LONG_AGO.minusSeconds(days * 86_400L)));
  }

  private void assertKept(EngineRequest... requests) throws IOException {
    assertEquals(
        List.of(requests).stream().map(each -> each.key() + ".plan").sorted().toList(),
        fixture.files(".plan"));
  }

  @Test
  void thePlanThatWasUsedLeastRecentlyIsDeleted() throws IOException {
    try (EngineCache cache = fixture.open(2 * bytes)) {
      text(cache, c);
      assertKept(b, c);
    }
  }

  @Test
  void aPlanThatIsFoundCountsAsUsed() throws IOException {
    try (EngineCache cache = fixture.open(2 * bytes)) {
      assertEquals(expected(a), text(cache, a));
      text(cache, c);
      assertKept(a, c);
    }
    assertEquals(List.of("c-keep.onnx a-keep.onnx b-keep.onnx"), fixture.builds());
  }

  @Test
  void anOpeningKeepsToItsLimit() throws IOException {
    fixture.open(bytes).close();
    assertKept(b);
  }

  @Test
  void thePlanJustBuiltStaysHoweverLargeItIs() throws IOException {
    try (EngineCache cache = fixture.open(1)) {
      assertKept();
      try (CachedPlan plan = cache.plan(c, line -> {}, () -> false)) {
        assertKept(c);
        assertEquals(expected(c), text(plan));
      }
    }
  }

  @Test
  void aPlanInUseIsKept() throws IOException {
    try (EngineCache cache = fixture.open(2 * bytes);
        EngineCache other = fixture.open(2 * bytes)) {
      CachedPlan used = cache.plan(a, line -> {}, () -> false);
      CachedPlan too = other.plan(a, line -> {}, () -> false);
      used.close();
      used.close();
      age(a, 10);
      text(other, c);
      assertKept(a, c);
      assertEquals(expected(a), text(too));
      too.close();
      text(other, b);
      assertKept(b, c);
    }
  }

  @Test
  void aPlanThatAnotherProcessUsesIsKept() throws IOException, InterruptedException {
    try (Gate gate = new Gate(fixture.bundle())) {
      Process process = CacheProgram.start(folder, "a-keep.onnx");
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
          Gate.Visitor user = gate.await();
          EngineCache cache = fixture.open(2 * bytes)) {
        assertTrue(out.readLine().startsWith("got "));
        age(a, 10);
        text(cache, c);
        assertKept(a, c);
        user.open();
        assertEquals(0, process.waitFor());
        text(cache, b);
        assertKept(b, c);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void plansStayOpenWhenTheCacheIsClosed() throws IOException {
    EngineCache cache = fixture.open();
    CachedPlan plan = cache.plan(a, line -> {}, () -> false);
    cache.close();
    cache.close();
    fixture.open(1).close();
    assertKept(a);
    assertEquals(expected(a), text(plan));
    plan.close();
    fixture.open(1).close();
    assertKept();
  }
}
