package dev.showo2.backend.djl;

import com.sun.management.OperatingSystemMXBean;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.SpecialTokens;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.spi.BackendConfig;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.TrainedPart;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import dev.showo2.train.spi.TrainingLosses;
import dev.showo2.train.spi.TrainingRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Trains a bundle as {@code training/benchmarks/official_training.py} does, one step for each line
 * {@code step} of standard input; that script says which rows, and {@code official.sh} runs both.
 * Arguments: bundle, threads, tokens of a row, and optionally {@code recompute}.
 */
final class TrainingBenchmark {

  private static final double RATE = 1e-4;

  private final TrainableModel model;
  private final TrainingBatch batch;
  private double[] last = {};

  private TrainingBenchmark(TrainableModel model, TrainingBatch batch) {
    this.model = model;
    this.batch = batch;
  }

  public static void main(String[] arguments) throws IOException {
    long start = System.nanoTime();
    Bundle bundle = Bundle.open(Path.of(arguments[0]));
    int threads = Integer.parseInt(arguments[1]);
    TrainingRequest request =
        TrainingRequest.builder(TrainedPart.STAGE_ONE.groups())
            .activationCheckpointing(arguments.length > 3)
            .build();
    BackendConfig config = BackendConfig.builder().threads(threads).build();
    try (TrainableModel model = new DjlTrainingProvider().open(bundle, config, request)) {
      TrainingBatch batch = batch(bundle, Integer.parseInt(arguments[2]));
      show("open", (System.nanoTime() - start) / 1e6, processorMilliseconds());
      TrainingBenchmark benchmark = new TrainingBenchmark(model, batch);
      BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
      for (String name = commands.readLine(); name != null; name = commands.readLine()) {
        benchmark.measure(name);
      }
    }
  }

  private void measure(String name) throws IOException {
    switch (name) {
      case "step" -> {
        double processor = processorMilliseconds();
        long start = System.nanoTime();
        TrainingLosses losses = model.accumulate(batch, new LossWeights(0.2, 1), 1);
        double norm = model.update(List.of(RATE));
        last = new double[] {losses.nextToken(), losses.flow(), norm};
        show(name, (System.nanoTime() - start) / 1e6, processorMilliseconds() - processor);
      }
      case "losses" ->
          System.out.printf(Locale.ROOT, "losses %.8g %.8g %.8g%n", last[0], last[1], last[2]);
      case "memory" -> {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        System.out.println(
            "memory " + megabytes(status, "VmHWM:") + " " + megabytes(status, "RssAnon:"));
      }
      default -> throw new IllegalArgumentException("no measurement '" + name + "'");
    }
  }

  /** A row to be drawn and one with a caption. */
  private static TrainingBatch batch(Bundle bundle, int length) {
    Architecture architecture = bundle.architecture();
    SpecialTokens special = bundle.manifest().specialTokens();
    int span = architecture.imageGrid().tokens() + 1;
    int room = length - span - 4;
    int prompt = Math.min(64, room);
    int caption = Math.min(128, room);
    int[] drawn = new int[length];
    int[] described = new int[length];
    Arrays.fill(drawn, special.pad());
    Arrays.fill(described, special.pad());
    drawn[0] = special.bos();
    for (int i = 0; i < prompt; i++) {
      drawn[1 + i] = 100 + i;
    }
    drawn[1 + prompt] = special.boi();
    Arrays.fill(drawn, 2 + prompt, 2 + prompt + span, special.imagePad());
    drawn[2 + prompt + span] = special.eoi();
    drawn[3 + prompt + span] = special.eos();
    described[0] = special.bos();
    described[1] = special.boi();
    Arrays.fill(described, 2, 2 + span, special.imagePad());
    described[2 + span] = special.eoi();
    for (int i = 0; i < caption; i++) {
      described[3 + span + i] = 100 + i;
    }
    described[3 + span + caption] = special.eos();
    int[] noLabels = new int[length];
    Arrays.fill(noLabels, TrainingBatch.NO_LABEL);
    int[] labels = noLabels.clone();
    System.arraycopy(described, 0, labels, 0, 4 + span + caption);
    Arrays.fill(labels, 2, 2 + span, TrainingBatch.NO_LABEL);
    boolean[] mask = new boolean[length];
    Arrays.fill(mask, 2 + prompt, 2 + prompt + span, true);
    int patch = architecture.patchSize();
    Shape shape =
        Shape.of(
            2,
            architecture.vae().latentChannels(),
            (long) architecture.imageGrid().rows() * patch,
            (long) architecture.imageGrid().columns() * patch);
    int count = Math.toIntExact(shape.elementCount());
    TorchRandom random = new TorchRandom(1);
    float[] data = random.normals(count);
    float[] noise = random.normals(count);
    float[] times = {0.3f, 1};
    float[] latents = new float[count];
    float[] targets = new float[count];
    for (int i = 0; i < count; i++) {
      float time = times[i / (count / 2)];
      latents[i] = time * data[i] + (1 - time) * noise[i];
      targets[i] = data[i] - noise[i];
    }
    return new TrainingBatch(
        List.of(
            new Row(drawn, noLabels, mask, List.of(new Span(2 + prompt, span))),
            new Row(described, labels, new boolean[length], List.of(new Span(2, span)))),
        new HostTensor(shape, latents),
        times,
        new HostTensor(shape, targets),
        0);
  }

  private static void show(String name, double wall, double processor) {
    System.out.printf(Locale.ROOT, "%s %.1f %.1f%n", name, wall, processor);
  }

  private static double processorMilliseconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e6;
  }

  private static long megabytes(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1_000_000)
        .findFirst()
        .orElse(-1);
  }
}
