package dev.showo2.export.inspect;

import dev.showo2.error.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model in the cache of Hugging Face's hub: {@code models--OWNER--NAME} with folders {@code refs}
 * and {@code snapshots}.
 *
 * @param name as the hub has it, such as {@code showlab/show-o2-1.5B}
 * @param snapshot folder of the files
 */
record HubFolder(String name, Path snapshot) {

  private static final String SNAPSHOTS = "snapshots";
  private static final String PREFIX = "models--";

  /** No revision is longer. */
  private static final int MAX_REVISION_CHARACTERS = 256;

  static boolean isOne(Path folder) {
    return Files.isDirectory(folder.resolve(SNAPSHOTS));
  }

  /**
   * @throws InvalidModelException if it cannot be told which snapshot is meant
   */
  static HubFolder open(Path folder) {
    List<Path> snapshots = folders(folder.resolve(SNAPSHOTS));
    String main = main(folder);
    Path chosen =
        snapshots.stream()
            .filter(snapshot -> snapshot.getFileName().toString().equals(main))
            .findFirst()
            .orElse(snapshots.size() == 1 ? snapshots.get(0) : null);
    if (chosen == null) {
      throw new InvalidModelException(
          folder
              + " holds "
              + (snapshots.isEmpty() ? "no snapshot" : "snapshots of which none is refs/main")
              + "; one is expected, "
              + (snapshots.isEmpty() ? "download the model again" : "name one of " + snapshots));
    }
    String name = Folders.name(folder);
    return new HubFolder(
        name.startsWith(PREFIX) ? name.substring(PREFIX.length()).replace("--", "/") : name,
        chosen);
  }

  private static List<Path> folders(Path parent) {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw Folders.unreadable(parent, e);
    }
  }

  /** What {@code refs/main} says; the empty text if it is not there. */
  private static String main(Path folder) {
    Path ref = folder.resolve("refs").resolve("main");
    try {
      return Files.isRegularFile(ref) && Files.size(ref) <= MAX_REVISION_CHARACTERS
          ? Files.readString(ref).strip()
          : "";
    } catch (IOException e) {
      throw Folders.unreadable(ref, e);
    }
  }
}
