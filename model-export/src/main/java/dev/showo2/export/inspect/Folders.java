package dev.showo2.export.inspect;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.inspect.Inspection.FileSize;
import dev.showo2.model.JsonFields;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What lies in a folder. */
final class Folders {

  private static final long MAX_JSON_BYTES = 16 << 20;

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
      throw unreadable(path, e);
    }
  }

  /** The folder's own name; the system's root has none. */
  static String name(Path path) {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return name == null ? path.toString() : name.toString();
  }

  static Optional<JsonFields> json(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MAX_JSON_BYTES) {
        throw new InvalidModelException(file + " is too large to be what its name says");
      }
      return Optional.of(JsonFields.parse(Files.readString(file), file.toString()));
    } catch (MalformedInputException e) {
      throw new InvalidModelException(file + " is not text in UTF-8", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static InvalidModelException unreadable(Path path, IOException e) {
    return new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e);
  }
}
