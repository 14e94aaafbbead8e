package dev.showo2.backend.onnx;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.conformance.internal.TemporaryFolder;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.GraphFile;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.ArchitectureBuilder;
import dev.showo2.text.TextTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Times both dialects in turns on layers as wide as those of the 1.5B model. Its argument is a
 * precision, int8 unless given. No test: run it by hand on a machine with 6 GB of memory and disk.
 */
final class DialectBenchmark {

  private static final int FLOW_HEAD_WIDTH = 2048;
  private static final int LAYERS = 2;
  private static final int ROUNDS = 7;

  private final List<OpenBackend> dialects;

  private DialectBenchmark(List<OpenBackend> dialects) {
    this.dialects = dialects;
  }

  public static void main(String[] arguments) throws Exception {
    String precision = arguments.length > 0 ? arguments[0] : "int8";
    try (FixtureModels models = new FixtureModels();
        TemporaryFolder folder = new TemporaryFolder("showo2-dialects")) {
      Path checkpoint = folder.path().resolve("checkpoint");
      Path tokenizer = models.path("tiny-a/tokenizer.json");
      SyntheticCheckpoint.write(
          checkpoint, SyntheticRequest.of(architecture(tokenizer), 1, tokenizer));
      Path target = folder.path().resolve("bundle");
      ModelExporter.exportUnchecked(
          ExportRequest.of(checkpoint, target).withPrecision(ExportPrecision.parse(precision)),
          ExportListener.NONE);
      Bundle bundle = Bundle.open(target);
      try (OpenBackend portable = open(bundle, GraphFile.PORTABLE);
          OpenBackend ort = open(bundle, GraphFile.ORT)) {
        System.out.println(precision + ", ms of " + LAYERS + " layers: portable, ort");
        DialectBenchmark benchmark = new DialectBenchmark(List.of(portable, ort));
        benchmark.backbone("text token after 1000", 1000, 1);
        benchmark.backbone("prompt of 300", 0, 300);
        benchmark.backbone("denoising 730 after 300", 300, 730);
        benchmark.flowHead("denoising 730 after 300", 300, 730);
      }
    }
  }

  private static OpenBackend open(Bundle bundle, String dialect) {
    return OpenBackend.open(
        bundle, BackendConfig.builder().threads(1).option("dialect", dialect).build());
  }

  private static Architecture architecture(Path tokenizer) {
    int vocabulary;
    try (TextTokenizer loaded = TextTokenizer.load(tokenizer)) {
      vocabulary = loaded.vocabularySize();
    }
    TokenGrid grid = new TokenGrid(27, 27);
    return new ArchitectureBuilder()
        .backbone(1536, LAYERS, 12, 2, 128, 8960, vocabulary, true)
        .semantic(1152, LAYERS, 16, 4304, grid.tokens())
        .flowHead(FLOW_HEAD_WIDTH, LAYERS, 32, 8, 64, 8192)
        .vae(16, 2)
        .latents(1, 1)
        .grids(grid, grid, new TokenGrid(14, 14))
        .build();
  }

  private void backbone(String name, int cached, int length) throws Exception {
    time(
        "backbone, " + name,
        open -> {
          var stage = open.backend().backbone();
          KvCache cache = stage.newCache(CacheRequest.of(1));
          if (cached > 0) {
            try (Tensor before = open.uploadRandom(1, 1, cached, open.hiddenSize())) {
              stage.append(BackboneRequest.of(cache, List.of(before), Attention.FULL)).close();
            }
          }
          Tensor own = open.uploadRandom(2, 1, length, open.hiddenSize());
          var request = BackboneRequest.of(cache, List.of(own), Attention.FULL);
          return new Call(() -> stage.evaluate(request).close(), List.of(cache, own));
        });
  }

  private void flowHead(String name, int cached, int length) throws Exception {
    time(
        "flow head, " + name,
        open -> {
          var stage = open.backend().flowHead();
          KvCache cache = stage.newCache(CacheRequest.of(1));
          try (Tensor before = open.uploadRandom(1, 1, cached, open.hiddenSize())) {
            stage.append(FlowHeadRequest.text(cache, before));
          }
          Tensor own = open.uploadRandom(2, 1, length, open.hiddenSize());
          Tensor time = open.uploadRandom(3, 1, FLOW_HEAD_WIDTH);
          var request = FlowHeadRequest.span(cache, own, time);
          return new Call(() -> stage.velocity(request).close(), List.of(cache, own, time));
        });
  }

  private record Call(Runnable body, List<AutoCloseable> made) {

    double milliseconds() {
      long start = System.nanoTime();
      body.run();
      return (System.nanoTime() - start) / 1e6;
    }
  }

  /** In turns, so that what else runs on the machine slows both alike. */
  private void time(String name, Function<OpenBackend, Call> maker) throws Exception {
    List<Call> calls = dialects.stream().map(maker).toList();
    List<double[]> times = calls.stream().map(call -> new double[ROUNDS]).toList();
    calls.forEach(Call::milliseconds);
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < calls.size(); i++) {
        times.get(i)[round] = calls.get(i).milliseconds();
      }
    }
    times.forEach(Arrays::sort);
    System.out.printf("%s: %.1f, %.1f%n", name, times.get(0)[ROUNDS / 2], times.get(1)[ROUNDS / 2]);
    for (Call call : calls) {
      for (AutoCloseable each : call.made()) {
        each.close();
      }
    }
  }
}
