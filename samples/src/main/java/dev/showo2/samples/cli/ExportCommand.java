package dev.showo2.samples.cli;

import dev.showo2.export.ExportRequest;
import dev.showo2.export.ExportSummary;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.BundleFile;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a bundle. */
@Command(
    name = "export",
    description = {
      "Turns a released PyTorch checkpoint into a bundle, and runs every stage of it once.",
      "The bundle appears when it is complete; after a failure nothing of it is left."
    })
final class ExportCommand implements Callable<Integer> {

  private static final int SHOWN_KEYS = 5;

  private final Surroundings surroundings;

  @Parameters(
      index = "0",
      paramLabel = "CHECKPOINT",
      description = "Folder with config.json and the weights.")
  private Path checkpoint;

  @Parameters(
      index = "1",
      paramLabel = "BUNDLE",
      description = "Folder to make; must not exist, or be empty.")
  private Path bundle;

  @Option(
      names = "--lora",
      paramLabel = "DIR",
      description = {
        "Folder of a LoRA adapter (PEFT) to merge into the weights.",
        "May be given several times; they are merged in this order."
      })
  private List<Path> adapters = List.of();

  @Mixin private CheckpointOptions parts;

  @Mixin private PrecisionOption precision;

  ExportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    ExportRequest request = parts.request(checkpoint, bundle).withPrecision(precision.get());
    for (Path adapter : adapters) {
      request = request.withAdapter(adapter);
    }
    ExportSummary summary;
    try (ExportProgress progress = new ExportProgress(surroundings)) {
      summary = ModelExporter.export(request, progress);
    }
    print(summary, surroundings.out());
    return ExitCode.OK;
  }

  private static void print(ExportSummary summary, PrintWriter out) {
    out.println("Wrote " + summary.bundle().toAbsolutePath().normalize() + ":");
    Table table = new Table();
    for (BundleFile file : summary.files()) {
      table.row(file.name(), Table.bytes(file.size()));
    }
    table.row(summary.files().size() + " files", Table.bytes(summary.totalBytes()));
    out.print(table);
    out.println(
        summary
            .checkedBy()
            .map(backend -> "Ran every stage on " + backend + ": " + stages(summary))
            .orElse("No stage was run: there is no backend that can run here"));
    if (!summary.ignoredKeys().isEmpty()) {
      out.println("Not needed, left out: " + keys(summary));
    }
    out.flush();
  }

  private static String stages(ExportSummary summary) {
    return summary.checkedStages().stream().map(Stage::id).collect(Collectors.joining(", "));
  }

  private static String keys(ExportSummary summary) {
    int more = summary.ignoredKeys().size() - SHOWN_KEYS;
    return summary.ignoredKeys().stream().limit(SHOWN_KEYS).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
