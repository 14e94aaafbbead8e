package dev.showo2.export.inspect;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.inspect.Inspection.FileSize;
import dev.showo2.model.JsonFields;
import dev.showo2.model.StrictJson;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /**
   * @param without fields that are left out
   * @return empty if there is no such file
   */
  static Optional<JsonFields> json(Path file, Set<String> without) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MAX_JSON_BYTES) {
        throw new InvalidModelException(file + " is too large to be what its name says");
      }
      return Optional.of(json(Files.readString(file), file.toString(), without));
    } catch (MalformedInputException e) {
      throw new InvalidModelException(file + " is not text in UTF-8", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static JsonFields json(String text, String origin, Set<String> without) {
    JsonObject json = StrictJson.parseObject(text, origin);
    without.forEach(json::remove);
    return JsonFields.of(json, origin);
  }

  static InvalidModelException unreadable(Path path, IOException e) {
    return new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e);
  }
}
