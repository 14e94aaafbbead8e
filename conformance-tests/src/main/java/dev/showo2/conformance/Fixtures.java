package dev.showo2.conformance;

import dev.showo2.conformance.golden.GoldenFiles;
import dev.showo2.conformance.internal.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The reference checkpoints and goldens that the kit carries, as files: {@code tiny-a}, {@code
 * tiny-b}, {@code demo}, {@code torch_randn.safetensors}, {@code keys}. Where the kit is a jar they
 * are copied out when first asked for, and deleted on close.
 *
 * <p>Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Fixtures implements AutoCloseable {

  private static final String ANCHOR = "reference/README.md";

  private final Path jar;
  private final Path root;
  private final TemporaryFolder copies;
  private final Set<String> copied = new HashSet<>();

  private Fixtures(Path jar, Path root) {
    this.jar = jar;
    this.root = root;
    copies = new TemporaryFolder("showo2-fixtures");
  }

  /**
   * @throws IllegalStateException if the kit was built without its fixtures
   */
  public static Fixtures open() {
    URL anchor = Fixtures.class.getResource(ANCHOR);
    if (anchor == null) {
      throw new IllegalStateException("the fixtures are missing: no resource " + ANCHOR);
    }
    return beside(anchor);
  }

  /** Fixtures that lie beside a resource, in a folder or in a jar. */
  static Fixtures beside(URL anchor) {
    try {
      if (anchor.getProtocol().equals("file")) {
        return new Fixtures(null, Path.of(anchor.toURI()).getParent());
      }
      if (anchor.openConnection() instanceof JarURLConnection connection) {
        Path jar = Path.of(connection.getJarFileURL().toURI());
        return new Fixtures(jar, Path.of(connection.getEntryName()).getParent());
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException("cannot find the fixtures at " + anchor, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot find the fixtures at " + anchor, e);
    }
    throw new IllegalStateException(
        "fixtures can be read from a folder or a jar, not from " + anchor);
  }

  /**
   * A fixture as a file or folder, valid until these fixtures are closed.
   *
   * @param name such as {@code tiny-a} or {@code demo/eval_prompts.json}
   * @throws IllegalStateException if it is missing, or was in a jar and these fixtures are closed
   */
  public Path path(String name) {
    GoldenFiles.requireConfined(name, "fixture");
    return jar == null ? required(root.resolve(name), name) : copied(name);
  }

  private synchronized Path copied(String name) {
    // Whole top-level entries, so that a folder is never there in part.
    String entry = Path.of(name).getName(0).toString();
    try {
      Path copy = copies.path().resolve(entry);
      if (!copied.contains(entry)) {
        // Opened by path and not by URI: such a file system is our own and nobody else's to close.
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
          Path inside = zip.getPath(root.toString().replace('\\', '/')).resolve(entry);
          TemporaryFolder.copy(required(inside, name), copy);
        }
        copied.add(entry);
      }
      return required(copies.path().resolve(name), name);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy the fixture '" + name + "' out of " + jar, e);
    }
  }

  private static Path required(Path path, String name) {
    if (!Files.exists(path)) {
      throw new IllegalStateException("the fixture '" + name + "' is missing");
    }
    return path;
  }

  /** Deletes what was copied. A second call does nothing. */
  @Override
  public synchronized void close() {
    copies.close();
  }
}
