package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.export.inspect.AlteredFile;
import dev.showo2.export.inspect.BundleInspection;
import dev.showo2.export.inspect.Inspection;
import dev.showo2.export.inspect.Inspector;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells models apart. */
@Command(
    name = "inspect",
    description = {
      "Says what a checkpoint, a LoRA adapter or a bundle is: files, weights and their types, sizes"
          + " of the model, and the memory that it will need.",
      "No weights are read, unless hashes are compared."
    })
final class InspectCommand implements Callable<Integer> {

  private final CliContext context;

  @Parameters(
      index = "0",
      paramLabel = "PATH",
      description =
          "Folder of a checkpoint, adapter or bundle, of a model in the cache of Hugging Face's"
              + " hub, or a single weight file.")
  private Path path;

  @Option(
      names = "--hashes",
      description =
          "Compute the hash of every file of a bundle, and name those that differ from the"
              + " manifest.")
  private boolean hashes;

  @Mixin private ResultOptions result;

  @Spec private CommandSpec command;

  InspectCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    InputPath.requireModel(path, "no checkpoint file at", command);
    Inspection inspection = Inspector.inspect(path);
    Optional<List<AlteredFile>> altered = altered(inspection);
    if (result.json()) {
      JsonObject json = InspectionJson.of(inspection);
      altered.ifPresent(files -> json.add("altered", InspectionJson.altered(files)));
      ResultOptions.print(json, context.out());
    } else {
      context.out().print(InspectionText.of(inspection));
      altered.ifPresent(files -> context.out().print(InspectionText.altered(files)));
      context.out().flush();
    }
    return altered.filter(files -> !files.isEmpty()).isPresent() ? ExitCode.FAILED : ExitCode.OK;
  }

  private Optional<List<AlteredFile>> altered(Inspection inspection) {
    if (!hashes) {
      return Optional.empty();
    }
    if (inspection instanceof BundleInspection bundle) {
      return Optional.of(Inspector.altered(bundle));
    }
    throw new ParameterException(
        command.commandLine(),
        "--hashes: only a bundle lists the hashes of its files, and " + path + " is none");
  }
}
