package dev.showo2.samples.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A rough look at what is being drawn. */
final class PreviewOptions {

  private static final int DEFAULT_EVERY = 5;

  @Option(
      names = "--preview",
      paramLabel = "FILE",
      description = "Image with a rough look at what is being drawn, replaced as it goes.")
  private Path file;

  @Option(
      names = "--preview-every",
      paramLabel = "N",
      description = "Steps from one preview to the next, at least 1. Default: " + DEFAULT_EVERY)
  private Integer every;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * @param out that the result goes to
   * @throws ParameterException if the file cannot be written, or the options contradict
   */
  Optional<PreviewFile> file(Path out) {
    if (file == null) {
      if (every != null) {
        throw refused("--preview-every: name the file with --preview");
      }
      return Optional.empty();
    }
    if (every != null && every < 1) {
      throw refused("--preview-every: at least 1 is needed, found " + every);
    }
    ImageFile.require(file, "--preview", command);
    // A folder that is written must be empty until then.
    if (OutputFile.absolute(file).startsWith(OutputFile.absolute(out))) {
      throw refused("--preview: the result goes to " + file + "; name another file");
    }
    return Optional.of(new PreviewFile(file, every == null ? DEFAULT_EVERY : every));
  }

  private ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
