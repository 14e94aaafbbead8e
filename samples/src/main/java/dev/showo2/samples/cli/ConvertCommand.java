package dev.showo2.samples.cli;

import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportSummary;
import dev.showo2.export.ModelExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a bundle of another precision. */
@Command(
    name = "convert",
    description = {
      "Writes a bundle once more in another precision, and runs every stage of it once.",
      "The new bundle appears when it is complete; after a failure nothing of it is left."
    })
final class ConvertCommand implements Callable<Integer> {

  private final CliContext context;

  @Parameters(
      index = "0",
      paramLabel = "BUNDLE",
      description = "Folder of a bundle in fp32, fp16 or bf16.")
  private Path bundle;

  @Parameters(
      index = "1",
      paramLabel = "TARGET",
      description = "Folder to make; must not exist, or be empty.")
  private Path target;

  @Mixin private PrecisionOption precision;

  @Mixin private TargetOption backend;

  @Spec private CommandSpec command;

  ConvertCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    InputPath.requireModel(bundle, "no bundle at", command);
    OutputFile.requireNewFolder(target, "TARGET", command);
    backend.require(command);
    ExportPrecision asked = precision.get(backend.get());
    ExportSummary summary;
    try (ExportProgress progress = new ExportProgress(context)) {
      summary = ModelExporter.convert(bundle, target, asked, backend.get(), progress);
    }
    SummaryText.print(summary, context.out());
    return ExitCode.OK;
  }
}
