package dev.showo2.backend.djl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A native library that this process has loaded, by whomever. Known on Linux only; elsewhere the
 * JVM alone says what its class loaders have loaded.
 *
 * @param path of the file, which may be gone
 */
record MappedLibrary(Path path) {

  private static final Path MAPS = Path.of("/proc/self/maps");

  /** What Linux adds to the path of a file that is gone. */
  private static final String GONE = " (deleted)";

  static Optional<MappedLibrary> find(String name) {
    return find(name, MAPS);
  }

  /**
   * @param maps the mapped files of a process, as Linux lists them
   */
  static Optional<MappedLibrary> find(String name, Path maps) {
    try (Stream<String> lines = Files.lines(maps)) {
      return lines
          .map(
              line -> line.endsWith(GONE) ? line.substring(0, line.length() - GONE.length()) : line)
          .filter(line -> line.endsWith("/" + name))
          .map(line -> new MappedLibrary(Path.of(line.substring(line.indexOf('/')))))
          .findFirst();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  boolean isIn(Path folder) {
    try {
      return path.getParent().equals(folder.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  /** Tells whether the file has a size, as far as it is there to be asked. */
  boolean hasSize(long expected) {
    try {
      return Files.size(path) == expected;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
