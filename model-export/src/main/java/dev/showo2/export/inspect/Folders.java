package dev.showo2.export.inspect;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.export.inspect.Inspection.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Contents of a folder. */
final class Folders {

  private Folders() {}

  /** The files of a folder, or the one file. */
  static List<FileSize> files(Path path) {
    try (Stream<Path> entries = Files.isDirectory(path) ? Files.list(path) : Stream.of(path)) {
      List<FileSize> files = new ArrayList<>();
      for (Path entry : (Iterable<Path>) entries::iterator) {
        if (Files.isRegularFile(entry)) {
          files.add(new FileSize(entry.getFileName().toString(), Files.size(entry)));
        }
      }
      files.sort(Comparator.comparing(FileSize::name));
      return files;
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e));
    }
  }

  /** The folder's own name; the system's root has none. */
  static String name(Path path) {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return name == null ? path.toString() : name.toString();
  }
}
