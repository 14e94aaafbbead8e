package dev.showo2.samples.cli;

import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleManifest;
import dev.showo2.samples.demo.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The checkpoint, or its bundle, that a command looks at. */
final class SourceOptions {

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description = "Folder with config.json and the weights, or a bundle.")
  private Path checkpoint;

  @Mixin private CheckpointOptions parts;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  Path folder() {
    return checkpoint;
  }

  /**
   * Found now, and not when long work is done.
   *
   * @throws ParameterException if the checkpoint or one of its parts is not there
   */
  void requirePresent() {
    requireNoPartsOfBundle();
    InputPath.requireModel(checkpoint, "no checkpoint folder at", command);
    parts.requirePresent(command);
  }

  /**
   * @throws ParameterException if parts are given beside a bundle, which has its own
   */
  Source open(CliContext context) throws IOException {
    requireNoPartsOfBundle();
    if (isBundle()) {
      return new Source(Bundle.open(checkpoint), Optional.empty());
    }
    TemporaryFolder folder = TemporaryFolder.create("showo2-" + command.name() + "-");
    try (ExportProgress progress = new ExportProgress(context)) {
      Path bundle = folder.path().resolve("bundle");
      ModelExporter.export(parts.request(checkpoint, bundle), progress);
      return new Source(Bundle.open(bundle), Optional.of(folder));
    } catch (IOException | RuntimeException | Error e) {
      try {
        folder.close();
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private boolean isBundle() {
    return Files.isRegularFile(checkpoint.resolve(BundleManifest.FILE_NAME));
  }

  private void requireNoPartsOfBundle() {
    if (isBundle() && parts.given()) {
      throw new ParameterException(
          command.commandLine(),
          "--vae, --tokenizer: these belong to checkpoints, and " + checkpoint + " is a bundle");
    }
  }

  /**
   * A bundle, and the folder that goes with it if it was exported for the command alone.
   *
   * @param exported is deleted on close
   */
  record Source(Bundle bundle, Optional<TemporaryFolder> exported) implements AutoCloseable {

    @Override
    public void close() throws IOException {
      if (exported.isPresent()) {
        exported.get().close();
      }
    }
  }
}
