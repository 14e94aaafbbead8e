package dev.showo2.samples.demo;

import dev.showo2.demo.model.DemoCheckpoint;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.internal.Sha256;
import dev.showo2.natives.internal.CacheFolder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/**
 * The demo model of this program as a bundle. The first call makes the bundle in a cache folder,
 * later ones, also of other processes, find it there.
 *
 * <pre>{@code
 * try (ShowO2 model = ShowO2.open(DemoModel.bundle())) {
 *   System.out.println(model.chat().ask("hello").text());
 * }
 * }</pre>
 *
 * <p>Thread-safe, also between processes.
 */
public final class DemoModel {

  private static final int NAME_DIGITS = 16;

  private DemoModel() {}

  /**
   * The bundle in this user's cache folder: {@code $SHOWO2_CACHE}, else {@code
   * $XDG_CACHE_HOME/showo2}, else {@code ~/.cache/showo2} (macOS: {@code ~/Library/Caches/showo2},
   * Windows: {@code %LOCALAPPDATA%\showo2}).
   *
   * @return the folder of the bundle
   * @throws IOException if it cannot be written
   */
  public static Path bundle() throws IOException {
    return bundle(cacheFolder(), DemoListener.QUIET);
  }

  /**
   * The bundle in a cache folder of the caller's choice. Every file has been compared with the
   * manifest on return; a damaged bundle is made anew.
   *
   * @param cache a folder, which is created where it does not exist
   * @param listener receives notes and the exporter's progress
   * @return the folder of the bundle
   * @throws IOException if it cannot be written
   * @throws dev.showo2.error.CancelledException if the thread is interrupted
   */
  public static Path bundle(Path cache, DemoListener listener) throws IOException {
    return new BundleCache(cache, bundleName(), DemoModel::export).bundle(listener);
  }

  /**
   * This user's cache folder.
   *
   * @return a folder that need not exist
   * @throws IOException if the user has no home folder and no variable names a cache folder
   */
  public static Path cacheFolder() throws IOException {
    return CacheFolder.locate();
  }

  /**
   * Writes the bundle anew, wherever the caller wants it. It appears there whole or not at all.
   *
   * @param bundle a folder that does not exist or is empty
   * @param listener receives the exporter's phases and progress
   * @throws java.nio.file.FileAlreadyExistsException if there is anything at the path
   * @throws IOException if it cannot be written
   */
  public static void export(Path bundle, ExportListener listener) throws IOException {
    try (TemporaryFolder temporary = TemporaryFolder.create("showo2-demo-")) {
      // A model is called after its checkpoint's folder, so that must not be a random name.
      Path checkpoint = Files.createDirectory(temporary.path().resolve(DemoCheckpoint.NAME));
      DemoCheckpoint.copyTo(checkpoint);
      ModelExporter.export(ExportRequest.of(checkpoint, bundle), listener);
    }
  }

  /**
   * The name of the bundle that this program makes of the checkpoint. It changes with the files,
   * with the bundle's format, and with the exporter's code: two snapshots of one version may write
   * other graphs.
   */
  static String bundleName() throws IOException {
    MessageDigest digest = Sha256.newDigest();
    digest.update(DemoCheckpoint.hashes().toString().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) BundleManifest.FORMAT_VERSION);
    for (Path file : exporter()) {
      digest.update(Files.readAllBytes(file));
    }
    return DemoCheckpoint.NAME + "-" + Sha256.hex(digest.digest()).substring(0, NAME_DIGITS);
  }

  /** The exporter's jar, or its class files. */
  private static List<Path> exporter() throws IOException {
    CodeSource source = ModelExporter.class.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location == null || !location.getProtocol().equals("file")) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(Path.of(location.toURI()))) {
      return tree.filter(Files::isRegularFile).sorted().toList();
    } catch (URISyntaxException e) {
      throw new IOException("the exporter is at no path: " + location, e);
    }
  }
}
