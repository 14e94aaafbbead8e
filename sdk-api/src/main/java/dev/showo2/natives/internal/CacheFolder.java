package dev.showo2.natives.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * The folder of this user's caches: {@code $SHOWO2_CACHE}, else {@code $XDG_CACHE_HOME/showo2},
 * else the folder that the operating system's conventions give.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class CacheFolder {

  /** The environment variable that names the folder. */
  public static final String VARIABLE = "SHOWO2_CACHE";

  private static final String NAME = "showo2";

  private CacheFolder() {}

  /**
   * {@return the folder, which need not exist}
   *
   * @throws IOException if no variable names a folder and the user has no home
   */
  public static Path locate() throws IOException {
    return locate(System.getenv(), System.getProperty("os.name"), System.getProperty("user.home"));
  }

  /**
   * @param home as Java gives it, which is "?" for a user without one
   * @throws IOException if no variable names a folder and the user has no home
   */
  static Path locate(Map<String, String> environment, String system, String home)
      throws IOException {
    String own = environment.getOrDefault(VARIABLE, "");
    if (!own.isEmpty()) {
      return Path.of(own).toAbsolutePath().normalize();
    }
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG specification tells to ignore relative paths.
    if (!xdg.isEmpty() && Path.of(xdg).isAbsolute()) {
      return Path.of(xdg, NAME);
    }
    String name = system.toLowerCase(Locale.ROOT);
    String local = environment.getOrDefault("LOCALAPPDATA", "");
    if (name.startsWith("windows") && !local.isEmpty()) {
      return Path.of(local, NAME);
    }
    if (home == null || home.isBlank() || home.equals("?")) {
      throw new IOException(
          "this user has no home folder to keep caches in; set "
              + VARIABLE
              + " to a folder that can be written to");
    }
    return name.startsWith("mac")
        ? Path.of(home, "Library", "Caches", NAME)
        : Path.of(home, ".cache", NAME);
  }
}
