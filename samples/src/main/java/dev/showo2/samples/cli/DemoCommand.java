package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.samples.demo.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the bundle of the demo model. */
@Command(
    name = "demo",
    description = {
      "Writes the bundle of the demo model that this program carries, for programs that open it"
          + " and for --bundle. It takes 18 MB and knows colored shapes and nothing else.",
      "The folder appears when it is complete; after a failure nothing of it is left."
    })
final class DemoCommand implements Callable<Integer> {

  private final CliContext context;

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "Folder to make; must not exist, or be empty.")
  private Path folder;

  @Mixin private ResultOptions result;

  @Spec private CommandSpec command;

  DemoCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    OutputFile.requireNewFolder(folder, "DIR", command);
    try (ExportProgress progress = new ExportProgress(result.around(context))) {
      DemoModel.export(folder, progress);
    }
    if (result.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("folder", OutputFile.absolute(folder).toString());
      ResultOptions.print(json, context.out());
    } else {
      context.out().println("Wrote " + OutputFile.absolute(folder));
    }
    return ExitCode.OK;
  }
}
