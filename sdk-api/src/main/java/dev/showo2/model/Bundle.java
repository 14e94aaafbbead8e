package dev.showo2.model;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.internal.Sha256;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * A model on disk as backends load it: one flat directory with a manifest, weights, graphs and the
 * tokenizer. Holds no file open. Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Bundle {

  /** The tokenizer's file name. */
  public static final String TOKENIZER_FILE = "tokenizer.json";

  private static final int MAX_MANIFEST_BYTES = 16 << 20;

  private final Path directory;
  private final BundleManifest manifest;
  private final String hash;

  private Bundle(Path directory, BundleManifest manifest, String hash) {
    this.directory = directory;
    this.manifest = manifest;
    this.hash = hash;
  }

  /**
   * Opens a bundle and compares the size and SHA-256 of every file with the manifest.
   *
   * <p>The directory itself may be a symbolic link, but no file in it may be a link to somewhere
   * else, since engines refuse weights outside the directory of their graph.
   *
   * @param directory of the bundle
   * @return the bundle
   * @throws InvalidModelException if the manifest cannot be read, or a file is missing, truncated,
   *     altered or a link out of the directory
   */
  public static Bundle open(Path directory) {
    return open(directory, Integrity.HASHES);
  }

  /**
   * Opens a bundle.
   *
   * @param directory of the bundle
   * @param integrity how thoroughly files are compared with the manifest
   * @return the bundle
   * @throws InvalidModelException as {@link #open(Path)}
   */
  public static Bundle open(Path directory, Integrity integrity) {
    Path file = directory.resolve(BundleManifest.FILE_NAME);
    if (!Files.isRegularFile(file)) {
      throw new InvalidModelException(
          "no bundle at "
              + directory
              + ": it has no "
              + BundleManifest.FILE_NAME
              + "; export a checkpoint into it, or name the directory of a bundle");
    }
    Integrity.requireInside(directory, file);
    byte[] bytes = readManifest(file);
    BundleManifest manifest = BundleManifest.parse(ByteBuffer.wrap(bytes), file.toString());
    requireListed(manifest, file);
    integrity.check(directory, manifest);
    return new Bundle(directory, manifest, Sha256.of(bytes));
  }

  private static byte[] readManifest(Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      byte[] bytes = input.readNBytes(MAX_MANIFEST_BYTES + 1);
      if (bytes.length > MAX_MANIFEST_BYTES) {
        throw new InvalidModelException(
            file + " has more than " + MAX_MANIFEST_BYTES + " bytes; no manifest needs as many");
      }
      return bytes;
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e));
    }
  }

  private static void requireListed(BundleManifest manifest, Path file) {
    Set<String> names = manifest.files().stream().map(BundleFile::name).collect(Collectors.toSet());
    if (!names.contains(TOKENIZER_FILE)) {
      throw new InvalidModelException(
          file + " lists no " + TOKENIZER_FILE + "; a bundle has one, export the checkpoint again");
    }
    for (GraphFile graph : manifest.graphs()) {
      if (!names.contains(graph.file())) {
        throw new InvalidModelException(
            file
                + " names the graph "
                + graph.file()
                + " but does not list it among its files; export the checkpoint again");
      }
    }
  }

  /** {@return the directory, as it was given to {@link #open(Path)}} */
  public Path directory() {
    return directory;
  }

  /** {@return the manifest} */
  public BundleManifest manifest() {
    return manifest;
  }

  /** {@return the sizes of the model} */
  public Architecture architecture() {
    return manifest.architecture();
  }

  /**
   * Identifies the model: the manifest holds the hashes of all files.
   *
   * @return the SHA-256 of the manifest as 64 lower-case hexadecimal digits
   */
  public String hash() {
    return hash;
  }

  /**
   * Finds a stage's only graph in one dialect.
   *
   * @param stage that the graph computes
   * @param dialect {@link GraphFile#PORTABLE} or {@link GraphFile#ORT}
   * @return the path of the graph, or empty if the bundle has none
   */
  public Optional<Path> graph(Stage stage, String dialect) {
    return graph(stage, GraphFile.MAIN, dialect);
  }

  /**
   * Finds one of a stage's graphs in one dialect.
   *
   * @param stage that the graph computes
   * @param part {@link GraphFile#MAIN}, {@link GraphFile#FIRST} or {@link GraphFile#NEXT}
   * @param dialect {@link GraphFile#PORTABLE} or {@link GraphFile#ORT}
   * @return the path of the graph, or empty if the bundle has none
   */
  public Optional<Path> graph(Stage stage, String part, String dialect) {
    return manifest.graphs().stream()
        .filter(
            graph ->
                graph.stage() == stage
                    && graph.part().equals(part)
                    && graph.dialect().equals(dialect))
        .map(graph -> directory.resolve(graph.file()))
        .findFirst();
  }

  /** {@return the path of the tokenizer's file} */
  public Path tokenizer() {
    return directory.resolve(TOKENIZER_FILE);
  }

  @Override
  public String toString() {
    return "bundle " + manifest.name() + " at " + directory;
  }
}
