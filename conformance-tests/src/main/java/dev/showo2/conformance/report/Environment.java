package dev.showo2.conformance.report;

import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Properties;
import org.apiguardian.api.API;

/**
 * The tested backend and the machine of a run.
 *
 * @param backend id
 * @param info of the engine
 * @param config with which it was opened, the device included
 * @param precision by whose tolerances it is judged
 * @param bundle precisions of the stages of what it ran
 * @param sdk version of the SDK and its kit
 * @param java version of the JVM
 * @param system operating system, architecture, number of processors
 * @param start of the run
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Environment(
    String backend,
    BackendInfo info,
    BackendConfig config,
    Precision precision,
    StagePrecisions bundle,
    String sdk,
    String java,
    String system,
    Instant start) {

  /**
   * {@return the environment of this JVM on this machine, now}
   *
   * @param backend id of the backend
   * @param info what the backend says of itself
   * @param config configuration of the backend
   * @param precision the precision
   * @param bundle the bundle
   */
  public static Environment here(
      String backend,
      BackendInfo info,
      BackendConfig config,
      Precision precision,
      StagePrecisions bundle) {
    return new Environment(
        backend,
        info,
        config,
        precision,
        bundle,
        KitVersion.VALUE,
        Runtime.version().toString(),
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " processors",
        Instant.now());
  }

  /** {@return the version of the SDK and its kit, as the build gave it} */
  public static String kitVersion() {
    return KitVersion.VALUE;
  }

  /** The version that the build gave the kit, which is that of the SDK. */
  private static final class KitVersion {

    static final String VALUE = read();

    private KitVersion() {}

    private static String read() {
      Properties properties = new Properties();
      try (InputStream file = KitVersion.class.getResourceAsStream("kit.properties")) {
        if (file == null) {
          throw new IllegalStateException("the kit was built without its kit.properties");
        }
        properties.load(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return properties.getProperty("version");
    }
  }
}
