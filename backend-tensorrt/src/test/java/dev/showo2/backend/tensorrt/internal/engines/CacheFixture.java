package dev.showo2.backend.tensorrt.internal.engines;

import dev.showo2.backend.tensorrt.internal.device.ComputePrecision;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Profile;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Range;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.BuildOptions;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Graphs in a folder, and a cache beside it. */
record CacheFixture(Path bundle, Path directory) {

  static final BuildOptions OPTIONS =
      new BuildOptions(3, 1 << 20, false, false, ComputePrecision.BUNDLE, false);
  static final String PLATFORM = "TensorRT 11.2.1, driver 590.1, H200 9.0";
  static final long NO_LIMIT = Long.MAX_VALUE;

  static CacheFixture in(Path folder) throws IOException {
    return new CacheFixture(
        Files.createDirectories(folder.resolve("bundle")),
        folder.resolve("cache").resolve("tensorrt"));
  }

  EngineCache open() {
    return open(NO_LIMIT);
  }

  EngineCache open(long limitBytes) {
    return EngineCache.open(directory, limitBytes);
  }

  EngineRequest request(String graph) throws IOException {
    return request(graph, PLATFORM);
  }

  EngineRequest request(String graph, String platform) throws IOException {
    Path file = bundle.resolve(graph);
    Files.writeString(file, "graph " + graph);
    return new EngineRequest(
        spec(file),
        OPTIONS,
        0,
        platform,
        TestPlanBuilder.class,
        Map.of(graph, Sha256.of(file), "weights", "00"),
        Optional.empty());
  }

  static EngineSpec spec(Path graph) {
    Range tokens = new Range(Shape.of(1, 1), Shape.of(2, 730), Shape.of(2, 4096));
    Range length = new Range(Shape.of(0), Shape.of(512), Shape.of(4096));
    return new EngineSpec(
        graph,
        List.of("hidden", "keys"),
        List.of(new Profile(Map.of("tokens", tokens, "mask", tokens), Map.of("length", length))));
  }

  /** Gets a plan and closes it. */
  static String text(EngineCache cache, EngineRequest request) {
    try (CachedPlan plan = cache.plan(request, line -> {}, () -> false)) {
      return text(plan);
    }
  }

  static String text(CachedPlan plan) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ByteBuffer part : plan.parts()) {
      byte[] array = new byte[part.remaining()];
      part.get(array);
      bytes.writeBytes(array);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  static String expected(EngineRequest request) throws IOException {
    return TestPlanBuilder.plan(request.spec(), request.options());
  }

  List<String> builds() throws IOException {
    return TestPlanBuilder.builds(bundle);
  }

  Path plan(EngineRequest request) {
    return directory.resolve(request.key() + ".plan");
  }

  /** The names in the cache that begin or end with a text. */
  List<String> files(String text) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(text) || name.endsWith(text))
          .sorted()
          .toList();
    }
  }
}
