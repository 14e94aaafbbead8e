package dev.showo2.backend.djl;

import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Backends;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.DenoiseStepRequest.Branch;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.Tensors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Times the stages of a bundle on a backend. Its arguments are the bundle, the backend's id and the
 * number of threads; each line of standard input names a measurement, so that a driver can let
 * several processes work in turns: {@code step}, {@code prefill}, {@code token}, {@code decode},
 * {@code encode} or {@code memory}. A time is given as wall clock and as processor time, in
 * milliseconds. No test: run it by hand.
 */
final class StageBenchmark {

  private static final int PROMPT = 32;
  private static final int QUESTION = 128;
  private static final int TOKENS = 16;
  private static final int FIRST_ID = 100;
  private static final float TIME = 0.3f;
  private static final float GUIDANCE = 5;

  private final Backend backend;
  private final Architecture architecture;
  private final DenoiseStepRequest step;

  private StageBenchmark(Backend backend, Architecture architecture) {
    this.backend = backend;
    this.architecture = architecture;
    // The empty prompt has two positions before the span.
    step =
        DenoiseStepRequest.builder(latents(), TIME, branch(PROMPT))
            .guidance(branch(2), GUIDANCE)
            .build();
  }

  public static void main(String[] arguments) throws IOException {
    long start = System.nanoTime();
    Bundle bundle = Bundle.open(Path.of(arguments[0]));
    BackendConfig config = BackendConfig.builder().threads(Integer.parseInt(arguments[2])).build();
    try (Backend backend = Backends.find().select(Optional.of(arguments[1])).open(bundle, config)) {
      print("open", (System.nanoTime() - start) / 1e6, processorMilliseconds());
      StageBenchmark benchmark = new StageBenchmark(backend, bundle.architecture());
      BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
      for (String name = commands.readLine(); name != null; name = commands.readLine()) {
        benchmark.measure(name);
      }
    }
  }

  private void measure(String name) throws IOException {
    switch (name) {
      case "step" -> time(name, 1, () -> backend.denoiseStep().velocity(step).close());
      case "prefill" -> {
        try (KvCache cache = backboneCache()) {
          time(name, 1, () -> nextToken(cache, IntStream.range(0, QUESTION).toArray()));
        }
      }
      case "token" -> {
        try (KvCache cache = backboneCache()) {
          int[] next = {nextToken(cache, IntStream.range(0, QUESTION).toArray())};
          time(name, TOKENS, () -> next[0] = nextToken(cache, next));
        }
      }
      case "decode" -> {
        try (Tensor latents = latents()) {
          time(name, 1, () -> backend.vaeDecoder().decodeImage(latents).close());
        }
      }
      case "encode" -> {
        try (Tensor pixels = upload(3, 8 * latentRows())) {
          time(name, 1, () -> backend.vaeEncoder().encodeImage(pixels).close());
        }
      }
      case "memory" -> System.out.println("memory " + memory());
      default -> throw new IllegalArgumentException("no measurement '" + name + "'");
    }
  }

  private int latentRows() {
    return architecture.patchSize() * architecture.imageGrid().rows();
  }

  /** Appends tokens and takes the likeliest that follows. */
  private int nextToken(KvCache cache, int[] ids) {
    try (Tensor rows = backend.textEmbedding().embed(TextEmbeddingRequest.of(new int[][] {ids}));
        Tensor hidden =
            backend.backbone().append(BackboneRequest.of(cache, List.of(rows), Attention.CAUSAL));
        Tensor logits = backend.languageHead().logits(LanguageHeadRequest.last(hidden))) {
      float[] values = logits.toHost().values();
      int best = 0;
      for (int id = 1; id < values.length; id++) {
        best = values[id] > values[best] ? id : best;
      }
      return best;
    }
  }

  private KvCache backboneCache() {
    return backend
        .backbone()
        .newCache(CacheRequest.builder(1).expectedPositions(QUESTION + TOKENS).build());
  }

  /** The caches of a prompt of so many tokens. */
  private Branch branch(int tokens) {
    KvCache backbone = backend.backbone().newCache(CacheRequest.of(1));
    KvCache flowHead = backend.flowHead().newCache(CacheRequest.of(1));
    int[][] ids = {IntStream.range(FIRST_ID, FIRST_ID + tokens).toArray()};
    try (Tensor rows = backend.textEmbedding().embed(TextEmbeddingRequest.of(ids));
        Tensor hidden =
            backend
                .backbone()
                .append(BackboneRequest.of(backbone, List.of(rows), Attention.CAUSAL))) {
      backend.flowHead().append(FlowHeadRequest.text(flowHead, hidden));
    }
    return Branch.of(backbone, flowHead);
  }

  private Tensor latents() {
    return upload(architecture.vae().latentChannels(), latentRows());
  }

  /** Noise as one square frame. */
  private Tensor upload(int channels, int side) {
    return backend.upload(Tensors.random(1, 1, channels, 1, side, side));
  }

  private static void time(String name, int times, Runnable work) {
    double processor = processorMilliseconds();
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      work.run();
    }
    double wall = (System.nanoTime() - start) / 1e6;
    print(name, wall / times, (processorMilliseconds() - processor) / times);
  }

  private static void print(String name, double wall, double processor) {
    System.out.printf(Locale.ROOT, "%s %.1f %.1f%n", name, wall, processor);
  }

  private static double processorMilliseconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e6;
  }

  /** The most that was resident, and what of it is not pages of files, now; in MB. */
  private static String memory() throws IOException {
    List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
    return megabytes(status, "VmHWM:") + " " + megabytes(status, "RssAnon:");
  }

  private static long megabytes(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1_000_000)
        .findFirst()
        .orElse(-1);
  }
}
