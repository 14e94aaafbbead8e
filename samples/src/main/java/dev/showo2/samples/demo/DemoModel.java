package dev.showo2.samples.demo;

import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The demo model of this program as a bundle. The first call makes the bundle in a cache folder,
 * later ones, also of other processes, find it there.
 *
 * <pre>{@code
 * try (ShowO2 model = ShowO2.open(DemoModel.bundle())) {
 * }</pre>
 *
 * <p>Thread-safe and processes at once.
 */
public final class DemoModel {

  private DemoModel() {}

  /**
   * The bundle in this user's cache folder: {@code $SHOWO2_CACHE}, else {@code
   * $XDG_CACHE_HOME/showo2}, else {@code ~/.cache/showo2} (macOS: {@code ~/Library/Caches/showo2},
   * Windows: {@code %LOCALAPPDATA%\showo2}).
   *
   * @throws IOException if it cannot be written
   */
  public static Path bundle() throws IOException {
    return bundle(cacheFolder(), DemoListener.QUIET);
  }

  /**
   * The bundle in a cache folder of the caller's choice. Every file has been compared with the
   * manifest on return; a damaged bundle is made anew.
   *
   * @throws IOException if it cannot be written
   * @throws dev.showo2.error.CancelledException if the thread is interrupted
   */
  public static Path bundle(Path cache, DemoListener listener) throws IOException {
    return new BundleCache(cache, DemoCheckpoint.bundleName(), DemoModel::export).bundle(listener);
  }

  /** This user's cache folder; it need not exist. */
  public static Path cacheFolder() throws IOException {
    return CacheFolder.locate();
  }

  private static void export(Path bundle, DemoListener listener) throws IOException {
    try (TemporaryFolder temporary = TemporaryFolder.create("showo2-demo-")) {
      // A model is called after its checkpoint's folder, so that must not be a random name.
      Path checkpoint = Files.createDirectory(temporary.path().resolve("demo"));
      DemoCheckpoint.copyTo(checkpoint);
      ModelExporter.export(ExportRequest.of(checkpoint, bundle), listener);
    }
  }
}
