package dev.showo2.samples.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The folder that a command makes. */
final class OutputFolder {

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder to make; must not exist, or be empty.")
  private Path path;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  Path path() {
    return path;
  }

  /**
   * Found now, and not when long work is done.
   *
   * @throws picocli.CommandLine.ParameterException if there is anything in it, or the folder around
   *     it cannot be written to
   */
  void require() {
    OutputFile.requireFolder(path, "--out", command);
    OutputFile.requireNewFolder(path, "--out", command);
  }
}
