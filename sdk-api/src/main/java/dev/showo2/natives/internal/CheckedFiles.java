package dev.showo2.natives.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The large files of a folder that were read in full and found to be intact, so that later starts
 * need not read them: SHA-256 of the 446 MB of PyTorch takes a second.
 *
 * <p>A file is taken for the one that was read if the file system says the same of it: inode, size,
 * and the times of its last change. The second of these times is set by the kernel alone, whenever
 * content, owner or permissions change. Where there is none, as on Windows, nothing is noted and
 * every start reads all. Clocks of file systems are coarse, so a file is noted only a while after
 * its last change.
 */
final class CheckedFiles {

  /** The file that holds the notes. */
  static final String NAME = "CHECKED";

  private static final String ATTRIBUTES = "unix:dev,ino,size,lastModifiedTime,ctime";

  private final Path folder;
  private final Set<String> lines;
  private boolean changed;

  private CheckedFiles(Path folder, Set<String> lines) {
    this.folder = folder;
    this.lines = lines;
  }

  /** The files of a new folder. */
  static CheckedFiles none(Path folder) {
    return new CheckedFiles(folder, new HashSet<>());
  }

  /** Notes that cannot be read are none. */
  static CheckedFiles read(Path folder) {
    try {
      return new CheckedFiles(folder, new HashSet<>(Files.readAllLines(folder.resolve(NAME))));
    } catch (IOException e) {
      return none(folder);
    }
  }

  /**
   * Describes a file, before it is read.
   *
   * @param settled how long ago its last change has to be
   * @return empty where the file system does not tell, or the file has just been changed
   */
  static Optional<String> describe(Path file, Duration settled) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return Optional.empty();
    }
    Map<String, Object> found = Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    FileTime change = (FileTime) found.get("ctime");
    if (change.toInstant().isAfter(Instant.now().minus(settled))) {
      return Optional.empty();
    }
    return Optional.of(
        String.join(
            " ",
            file.getFileName().toString(),
            found.get("dev").toString(),
            found.get("ino").toString(),
            found.get("size").toString(),
            found.get("lastModifiedTime").toString(),
            change.toString()));
  }

  /** Tells whether a file is noted with this description. */
  boolean contains(Optional<String> description) {
    return description.filter(lines::contains).isPresent();
  }

  /** Notes a file that is intact, as it was before it was read. */
  void add(String name, Optional<String> description) {
    lines.removeIf(line -> line.startsWith(name + " "));
    description.ifPresent(lines::add);
    changed |= description.isPresent();
  }

  /** Writes the notes if there are new ones. Where that cannot be, the next start reads again. */
  void save() {
    if (changed) {
      try {
        Files.write(folder.resolve(NAME), lines);
      } catch (IOException e) {
        // As in a folder that is read-only.
      }
    }
  }
}
