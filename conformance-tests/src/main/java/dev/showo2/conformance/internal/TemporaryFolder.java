package dev.showo2.conformance.internal;

import dev.showo2.error.internal.JvmShutdown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * A folder that comes into being when it is first needed and goes with all that is in it, also when
 * the JVM ends.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TemporaryFolder implements AutoCloseable {

  private final String prefix;
  private volatile Path path;
  private JvmShutdown.Work use;
  private boolean closed;

  /**
   * @param prefix of its name
   */
  public TemporaryFolder(String prefix) {
    this.prefix = prefix;
  }

  /**
   * @throws IllegalStateException if it is closed
   */
  public Path path() throws IOException {
    if (closed) {
      throw new IllegalStateException("the temporary folder is closed");
    }
    if (path == null) {
      use = JvmShutdown.ofThisJvm().begin(this::delete);
      path = Files.createTempDirectory(prefix);
    }
    return path;
  }

  /** Copies a file, or a folder with all that is in it, from any file system. */
  public static void copy(Path source, Path target) throws IOException {
    try (Stream<Path> tree = Files.walk(source)) {
      for (Path from : (Iterable<Path>) tree::iterator) {
        Path to = target.resolve(source.relativize(from).toString());
        if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else {
          Files.createDirectories(to.getParent());
          Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    JvmShutdown.Work ended = use;
    try (ended) {
      delete();
    }
  }

  private void delete() {
    if (path == null || !Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      // A folder sorts before what is in it; backwards, it is empty when its turn comes.
      for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + path, e);
    }
  }
}
