package dev.showo2.conformance;

import dev.showo2.conformance.report.Environment;
import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.spi.Availability;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * The backend under test, its configuration and the precision that it is judged in.
 *
 * @param provider opens the backend
 * @param config with which it opens it, the device included
 * @param precision by whose tolerances results are judged; empty for that of the least exact stage
 *     of the bundle
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Target(
    BackendProvider provider, BackendConfig config, Optional<Precision> precision) {

  /**
   * Refuses null.
   *
   * @param provider opens the backend
   * @param config with which it opens it, the device included
   * @param precision by whose tolerances results are judged; empty for that of the least exact
   *     stage of the bundle
   */
  public Target {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(precision, "precision");
  }

  /**
   * {@return a backend found with {@link java.util.ServiceLoader}, on its defaults, judged by the
   * bundle}
   *
   * <p>One that is found and cannot run here is a target too: its checks are not run and say why.
   *
   * @param backend id of the backend
   * @throws dev.showo2.error.UnsupportedFeatureException if there is none; the message lists those
   *     found
   */
  public static Target of(String backend) {
    Backends found = Backends.find();
    BackendProvider provider =
        found.candidates().stream()
            .filter(candidate -> candidate.id().equals(backend))
            .findFirst()
            .map(Backends.Candidate::provider)
            .orElseGet(() -> found.select(Optional.of(backend)));
    return new Target(provider, BackendConfig.defaults(), Optional.empty());
  }

  /**
   * Returns the same target with another configuration.
   *
   * @param other device, threads and options
   * @return a new target
   */
  public Target with(BackendConfig other) {
    return new Target(provider, other, precision);
  }

  /**
   * Returns the same target, judged by the tolerances of another precision.
   *
   * @param other the precision
   * @return a new target
   */
  public Target with(Precision other) {
    return new Target(provider, config, Optional.of(other));
  }

  /**
   * Tells why the backend cannot run here, which is no failure of its own.
   *
   * @return such as {@code no CUDA device}; empty if it can, or if asking it fails
   */
  public Optional<String> obstacle() {
    if (config.device().type().equals("cuda") && !CudaDevices.present()) {
      return Optional.of("no CUDA device");
    }
    try {
      return provider.probe() instanceof Availability.Unusable unusable
          ? Optional.of(unusable.reason())
          : Optional.empty();
    } catch (RuntimeException | LinkageError | AssertionError e) {
      return Optional.empty(); // R-01 says so.
    }
  }

  /** By whose tolerances results on a bundle are judged. */
  Precision judging(StagePrecisions bundle) {
    return precision.orElseGet(bundle::leastExact);
  }

  Environment environment(StagePrecisions bundle) {
    return Environment.here(provider.id(), provider.info(), config, judging(bundle), bundle);
  }

  /** Detects a GPU of NVIDIA's driver without loading anything native. */
  private static final class CudaDevices {

    private CudaDevices() {}

    static boolean present() {
      String windows = System.getenv("SystemRoot");
      return windows == null
          ? Files.exists(Path.of("/dev/dxg")) || anyUnder(Path.of("/dev"))
          : Files.exists(Path.of(windows, "System32", "nvcuda.dll"));
    }

    private static boolean anyUnder(Path devices) {
      if (!Files.isDirectory(devices)) {
        return false;
      }
      try (Stream<Path> names = Files.list(devices)) {
        return names.anyMatch(name -> name.getFileName().toString().matches("nvidia\\d+"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
