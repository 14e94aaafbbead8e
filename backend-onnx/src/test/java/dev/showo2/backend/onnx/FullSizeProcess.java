package dev.showo2.backend.onnx;

import dev.showo2.ShowO2;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ExportSummary;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.PartSummary;
import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.TextToImageRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One part of {@link FullSizeTest} in a process of its own, whose memory is printed and bounded.
 */
final class FullSizeProcess {

  /** Heap and direct memory together stay below 1.5 GB. */
  private static final List<String> MEMORY = List.of("-Xmx1000m", "-XX:MaxDirectMemorySize=400m");

  private static final int TOKENS = 10;

  private FullSizeProcess() {}

  /**
   * Runs {@link #main}.
   *
   * @return what it printed
   * @throws AssertionError if it fails, with all it wrote
   */
  static String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(MEMORY);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(FullSizeProcess.class.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new AssertionError(output);
      }
      return output.strip();
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * @param arguments {@code export CHECKPOINT BUNDLE PRECISION} or {@code run BUNDLE}
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("export")) {
      export(Path.of(arguments[1]), Path.of(arguments[2]), ExportPrecision.parse(arguments[3]));
    } else {
      use(Path.of(arguments[1]));
    }
    System.out.println("most memory, engine included: " + residentMegabytes() + " MB");
  }

  private static void export(Path checkpoint, Path bundle, ExportPrecision precision)
      throws IOException {
    long start = System.nanoTime();
    Phases phases = new Phases();
    ExportSummary summary =
        ModelExporter.export(ExportRequest.of(checkpoint, bundle).withPrecision(precision), phases);
    print("export: %.0f s, of which %s", seconds(start), phases.summary());
    print("size: %.2f GB", summary.totalBytes() / 1e9);
    for (PartSummary part : summary.parts()) {
      print(
          "%s in %s: %.2f GB%s",
          part.part().id(),
          part.precision().id(),
          part.bytes() / 1e9,
          part.error().isPresent()
              ? String.format(Locale.ROOT, ", off by %.4f", part.error().getAsDouble())
              : "");
    }
    print("left in fp32: %d layers", summary.unquantizedLayers().size());
  }

  private static void use(Path bundle) {
    long start = System.nanoTime();
    try (ShowO2 model = ShowO2.builder(bundle).backend(OnnxBackendProvider.ID).open()) {
      print("open: %.1f s", seconds(start));
      Duration[] step = new Duration[1];
      model
          .textToImage()
          .generate(
              TextToImageRequest.builder("a lighthouse at dusk").steps(2).seed(1).build(),
              new GenerationListener() {
                @Override
                public void step(DenoisingStep done) {
                  step[0] = done.elapsed();
                }
              });
      print("one denoising step, two branches: %.2f s", step[0].toNanos() / 1e9);
      long asked = System.nanoTime();
      GeneratedText answer =
          model
              .chat()
              .ask(
                  "What is a lighthouse?",
                  TextOptions.builder().maxTokens(TOKENS).build(),
                  GenerationListener.NONE);
      print("%d tokens with their prompt: %.2f s", answer.ids().length, seconds(asked));
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  private static long residentMegabytes() throws IOException {
    return Files.readString(Path.of("/proc/self/status"))
        .lines()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1_000_000)
        .findFirst()
        .orElse(-1);
  }

  /** The durations of reading and calibrating, of writing, and of checking. */
  private static final class Phases implements ExportListener {

    private final StringBuilder text = new StringBuilder();
    private String current = "";
    private long since = System.nanoTime();

    @Override
    public void phase(String what) {
      String task = what.substring(0, what.indexOf(' '));
      if (!task.equals(current)) {
        end();
        current = task;
        since = System.nanoTime();
      }
    }

    private void end() {
      if (!current.isEmpty()) {
        text.append(String.format(Locale.ROOT, "%s %.0f s, ", current, seconds(since)));
      }
    }

    String summary() {
      end();
      return text.substring(0, text.length() - 2);
    }
  }
}
