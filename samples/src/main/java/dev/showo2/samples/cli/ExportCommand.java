package dev.showo2.samples.cli;

import dev.showo2.export.ExportRequest;
import dev.showo2.export.ExportSummary;
import dev.showo2.export.ModelExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a bundle. */
@Command(
    name = "export",
    description = {
      "Turns a released PyTorch checkpoint into a bundle, and runs every stage of it once.",
      "The bundle appears when it is complete; after a failure nothing of it is left."
    })
final class ExportCommand implements Callable<Integer> {

  private final CliContext context;

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

  @Option(
      names = "--accept-zero-weights",
      description = {
        "Export also where a matrix or norm is all zero.",
        "Without it that is taken for a download that is not complete."
      })
  private boolean zeroWeights;

  @Mixin private CheckpointOptions parts;

  @Mixin private PrecisionOption precision;

  @Mixin private TargetOption target;

  @Spec private CommandSpec command;

  ExportCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    InputPath.requireModel(checkpoint, "no checkpoint folder at", command);
    parts.requirePresent(command);
    adapters.forEach(adapter -> InputPath.require(adapter, "--lora", command));
    OutputFile.requireNewFolder(bundle, "BUNDLE", command);
    target.require(command);
    ExportRequest request =
        parts.request(checkpoint, bundle).withPrecision(precision.get(target.get()));
    if (target.get().isPresent()) {
      request = request.withTarget(target.get().get());
    }
    for (Path adapter : adapters) {
      request = request.withAdapter(adapter);
    }
    if (zeroWeights) {
      request = request.withZeroWeightsAccepted();
    }
    ExportSummary summary;
    try (ExportProgress progress = new ExportProgress(context)) {
      summary = ModelExporter.export(request, progress);
    }
    SummaryText.print(summary, context.out());
    return ExitCode.OK;
  }
}
