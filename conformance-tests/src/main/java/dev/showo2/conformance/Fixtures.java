package dev.showo2.conformance;

import dev.showo2.conformance.internal.TemporaryFolder;
import dev.showo2.conformance.internal.golden.GoldenFiles;
import dev.showo2.demo.model.DemoCheckpoint;
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
 * The reference checkpoints and goldens as files: {@code tiny-a}, {@code tiny-b}, {@code
 * torch_randn.safetensors} and {@code keys} of the artifact {@code reference-data}, {@code demo} of
 * {@code demo-model}. Those in a jar are copied out when first asked for, and deleted on close.
 *
 * <p>Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Fixtures implements AutoCloseable {

  private static final String ANCHOR = "/dev/showo2/fixtures/README.md";

  /**
   * A folder of fixtures.
   *
   * @param jar null if the folder is in the default file system
   */
  private record Source(Path jar, Path root) {

    static Source beside(URL anchor) {
      try {
        if (anchor.getProtocol().equals("file")) {
          return new Source(null, Path.of(anchor.toURI()).getParent());
        }
        if (anchor.openConnection() instanceof JarURLConnection connection) {
          Path jar = Path.of(connection.getJarFileURL().toURI());
          return new Source(jar, Path.of(connection.getEntryName()).getParent());
        }
      } catch (URISyntaxException e) {
        throw new IllegalStateException("cannot find the fixtures at " + anchor, e);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot find the fixtures at " + anchor, e);
      }
      throw new IllegalStateException(
          "fixtures can be read from a folder or a jar, not from " + anchor);
    }
  }

  private final Source tiny;
  private final Source demo;
  private final TemporaryFolder copies;
  private final Set<String> copied = new HashSet<>();

  private Fixtures(Source tiny, Source demo) {
    this.tiny = tiny;
    this.demo = demo;
    copies = new TemporaryFolder("showo2-fixtures");
  }

  /**
   * Finds the fixtures.
   *
   * @return the fixtures
   * @throws IllegalStateException if the artifact {@code reference-data} is not on the class path
   */
  public static Fixtures open() {
    URL anchor = Fixtures.class.getResource(ANCHOR);
    if (anchor == null) {
      throw new IllegalStateException("the fixtures are missing: no resource " + ANCHOR);
    }
    return beside(anchor);
  }

  /** The fixtures beside a resource, in a folder or in a jar, and the demo checkpoint. */
  static Fixtures beside(URL anchor) {
    Source demo = Source.beside(DemoCheckpoint.readme());
    return new Fixtures(Source.beside(anchor), new Source(demo.jar(), demo.root().getParent()));
  }

  /**
   * A fixture as a file or folder, valid until these fixtures are closed.
   *
   * @param name such as {@code tiny-a} or {@code demo/eval_prompts.json}
   * @return an absolute path
   * @throws IllegalStateException if it is missing, or was in a jar and these fixtures are closed
   */
  public Path path(String name) {
    GoldenFiles.requireConfined(name, "fixture");
    Source source = Path.of(name).startsWith(DemoCheckpoint.NAME) ? demo : tiny;
    return source.jar() == null
        ? required(source.root().resolve(name), name)
        : copied(source, name);
  }

  private synchronized Path copied(Source source, String name) {
    // Whole top-level entries, so that a folder is never there in part.
    String entry = Path.of(name).getName(0).toString();
    try {
      Path copy = copies.path().resolve(entry);
      if (!copied.contains(entry)) {
        // Opened by path and not by URI: such a file system is our own and nobody else's to close.
        try (FileSystem zip = FileSystems.newFileSystem(source.jar())) {
          Path inside = zip.getPath(source.root().toString().replace('\\', '/')).resolve(entry);
          TemporaryFolder.copy(required(inside, name), copy);
        }
        copied.add(entry);
      }
      return required(copies.path().resolve(name), name);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot copy the fixture '" + name + "' out of " + source.jar(), e);
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
