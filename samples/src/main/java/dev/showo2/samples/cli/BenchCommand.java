package dev.showo2.samples.cli;

import dev.showo2.bench.Benchmark;
import dev.showo2.bench.BenchmarkPlan;
import dev.showo2.bench.BenchmarkPlan.ImageSize;
import dev.showo2.bench.BenchmarkReport;
import dev.showo2.bench.BenchmarkResult;
import dev.showo2.bench.BenchmarkStage;
import dev.showo2.bench.BenchmarkTarget;
import dev.showo2.media.internal.PendingFile;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a backend on a bundle. */
@Command(
    name = "bench",
    description = {
      "Measures how long a backend takes for the parts of the work on a bundle, how much memory it"
          + " needs, and how near that is to what the machine can do.",
      "Each of what is measured runs in a process of its own. Prints a page in Markdown; times are"
          + " the shortest and the median of the rounds. 'bench compare' sets two results side by"
          + " side."
    })
final class BenchCommand implements Callable<Integer> {

  private final CliContext context;

  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      description = "Bundle to run; without it, the demo model that this program carries.")
  private Path bundle;

  @Option(
      names = "--stages",
      paramLabel = "LIST",
      split = ",",
      description =
          "What to measure: hashes, open, vae_encode, vae_decode, fusion, guided_step, prefill,"
              + " first_token, text_token, outside. Default: all of them.")
  private List<String> stages = List.of();

  @Option(
      names = "--sizes",
      paramLabel = "LIST",
      split = ",",
      description = "Sizes of images in pixels, such as 432,512x768. Default: that of the model.")
  private List<String> sizes = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often everything is measured, in turns. Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--prefill",
      paramLabel = "N",
      defaultValue = "760",
      description = "Positions of the prompt. Default: ${DEFAULT-VALUE}")
  private int prefill;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "32",
      description = "Tokens of the text after it. Default: ${DEFAULT-VALUE}")
  private int tokens;

  @Option(
      names = "--against",
      arity = "2",
      paramLabel = "WHICH",
      description = {
        "Two that are measured in turns and compared, each the jar of a build (showo2.jar), the"
            + " folder of a bundle, NAME=VALUE for an option of the backend, or the id of a"
            + " backend.",
        "A jar has its libraries beside it in lib; it may be older than this command."
      })
  private List<String> against = List.of();

  @Option(
      names = "--separate",
      description =
          "End the process after each turn: no two hold their weights at the same time, and opening"
              + " is measured in each round.")
  private boolean separate;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Also write the page to a file, or the results if its name ends with .json.")
  private List<Path> reports = List.of();

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "Add each result to a file of results, one on a line.")
  private Path history;

  @Mixin private ResultOptions result;

  @Mixin private BackendOptions options;

  BenchCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    BackendProvider provider = options.provider();
    BackendConfig config = options.config(provider);
    BenchmarkPlan plan = plan();
    for (Path report : reports) {
      OutputFile.require(report, "--report", options.command());
    }
    if (history != null) {
      OutputFile.require(history, "--history", options.command());
    }
    if (bundle != null) {
      InputPath.requireModel(bundle, "no bundle at", options.command());
    }
    CliContext around = result.around(context);
    Path measured = bundle != null ? bundle : ModelOptions.demo(around);
    BenchmarkTarget target =
        new BenchmarkTarget(
            (bundle == null ? "demo" : bundle.toString()) + " on " + provider.id(),
            measured,
            provider.id(),
            config,
            Optional.empty());
    List<BenchmarkTarget> targets =
        against.isEmpty()
            ? List.of(target)
            : List.of(side(against.get(0), target), side(against.get(1), target));
    return done(Benchmark.run(targets, plan, around::note));
  }

  private BenchmarkPlan plan() {
    try {
      Set<BenchmarkStage> chosen = EnumSet.noneOf(BenchmarkStage.class);
      stages.forEach(stage -> chosen.add(BenchmarkStage.of(stage)));
      return new BenchmarkPlan(
          chosen.isEmpty() ? EnumSet.allOf(BenchmarkStage.class) : chosen,
          sizes.stream().map(ImageSize::parse).toList(),
          rounds,
          prefill,
          tokens,
          separate);
    } catch (IllegalArgumentException e) {
      throw options.refused("bench: " + e.getMessage());
    }
  }

  /** What one of the two differs in. */
  private BenchmarkTarget side(String which, BenchmarkTarget target) {
    Path path = ShowO2CommandLine.path(which);
    if (Files.isRegularFile(path) && which.endsWith(".jar")) {
      return target.withBuild(which, path);
    }
    if (Files.isDirectory(path)) {
      return target.withBundle(which, path);
    }
    int equals = which.indexOf('=');
    if (equals > 0) {
      BackendConfig.Builder changed = target.config().toBuilder();
      changed.option(which.substring(0, equals), which.substring(equals + 1));
      return target.withConfig(which, changed.build());
    }
    if (which.matches("[a-z][a-z0-9-]*")) {
      return target.withBackend(which, which);
    }
    throw options.refused(
        "--against: a jar, the folder of a bundle, NAME=VALUE or the id of a backend is needed,"
            + " found '"
            + which
            + "'");
  }

  private int done(List<BenchmarkResult> results) throws IOException {
    String json = String.join("\n", results.stream().map(BenchmarkResult::toJson).toList()) + "\n";
    List<String> pages = new ArrayList<>(results.stream().map(BenchmarkReport::of).toList());
    if (results.size() > 1) {
      pages.add(BenchmarkReport.compare(results.get(0), results.get(1)));
    }
    String page = String.join("\n", pages);
    for (Path report : reports) {
      boolean asJson = report.getFileName().toString().endsWith(".json");
      try (PendingFile pending = PendingFile.file(report, "a report")) {
        Files.writeString(pending.path(), asJson ? json : page);
        pending.complete();
      }
    }
    if (history != null) {
      Files.writeString(
          history,
          json,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
    context.out().print(result.json() ? json : page);
    return ExitCode.OK;
  }
}
