package dev.showo2.samples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Files and folders that a command reads. One that is not there is found before anything else is
 * done, and is a mistake in the command line for every command alike; one that is there and cannot
 * be read fails when it is read.
 */
final class InputPath {

  private InputPath() {}

  /**
   * @param name of the option or parameter, for messages
   * @throws ParameterException if there is nothing at the path
   */
  static Path require(Path path, String name, CommandSpec command) {
    if (!Files.exists(path)) {
      throw new ParameterException(
          command.commandLine(), name + ": there is no file or folder " + path);
    }
    return path;
  }

  static Optional<Path> require(Optional<Path> path, String name, CommandSpec command) {
    return path.map(present -> require(present, name, command));
  }

  /**
   * @param message begins the message of the refusal, such as "no bundle at"
   * @throws ParameterException if there is nothing at the path
   */
  static void requireModel(Path path, String message, CommandSpec command) {
    if (!Files.exists(path)) {
      throw new ParameterException(
          command.commandLine(), message + " " + path + ": there is no file or folder");
    }
  }
}
