package dev.showo2.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Files that a command is going to write. */
final class OutputFile {

  private OutputFile() {}

  /**
   * Found now, and not when a long drawing is done.
   *
   * @param option that names the file, for messages
   * @throws ParameterException if it cannot be written
   */
  static void require(Path file, String option, CommandSpec command) {
    if (Files.isDirectory(file)) {
      throw refused(option, file + " is a folder; name a file in it", command);
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw refused(option, file + " is no plain file; name another", command);
    }
    requireFolder(file, option, command);
  }

  /**
   * @throws ParameterException if the folder around a file or folder cannot be written to
   */
  static void requireFolder(Path file, String option, CommandSpec command) {
    Path folder = absolute(file).getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw refused(option, "there is no folder " + folder + "; make it first", command);
    }
    if (!Files.isWritable(folder)) {
      throw refused(option, "the folder " + folder + " cannot be written to", command);
    }
  }

  /**
   * Found now, and not when long work is done: a folder that is made must not exist, or be empty.
   *
   * @param option that names the folder, for messages
   * @throws ParameterException if there is anything in it, or it cannot be made
   */
  static void requireNewFolder(Path folder, String option, CommandSpec command) {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> entries = Files.list(folder)) {
        if (entries.findAny().isPresent()) {
          throw refused(
              option,
              folder + " holds files already; name a folder that does not exist, or delete it",
              command);
        }
      } catch (IOException e) {
        throw refused(option, "the folder " + folder + " cannot be read", command);
      }
    } else if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(option, folder + " is a file, a folder is needed", command);
    }
    Path above = absolute(folder).getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above != null && (!Files.isDirectory(above) || !Files.isWritable(above))) {
      throw refused(option, "there can be no folder in " + above + "; name another", command);
    }
  }

  private static ParameterException refused(String option, String why, CommandSpec command) {
    return new ParameterException(command.commandLine(), option + ": " + why);
  }

  /** The path in the form that users and other programs see. */
  static Path absolute(Path file) {
    return file.toAbsolutePath().normalize();
  }

  /** The name of one of several files: {@code red.png} becomes {@code red-2.png}. */
  static Path numbered(Path file, int number) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    int end = dot < 1 ? name.length() : dot;
    return file.resolveSibling(name.substring(0, end) + "-" + number + name.substring(end));
  }
}
