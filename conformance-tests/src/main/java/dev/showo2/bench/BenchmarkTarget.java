package dev.showo2.bench;

import dev.showo2.spi.BackendConfig;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * One of those that are measured in turns: a bundle on a backend of a build. Each gets a process of
 * its own.
 *
 * @param label by which reports name it
 * @param bundle directory of the bundle
 * @param backend id
 * @param config with which the backend is opened
 * @param build jar of another build's command line, with its libraries beside it in {@code lib};
 *     empty for the class path of this JVM. The other build is measured by the code of this one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BenchmarkTarget(
    String label, Path bundle, String backend, BackendConfig config, Optional<Path> build) {

  /**
   * Refuses null.
   *
   * @param label by which reports name it
   * @param bundle directory of the bundle
   * @param backend id
   * @param config with which the backend is opened
   * @param build jar of another build's command line
   */
  public BenchmarkTarget {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(build, "build");
  }

  /**
   * Names another bundle.
   *
   * @param name label
   * @param other its directory
   * @return a new target
   */
  public BenchmarkTarget withBundle(String name, Path other) {
    return new BenchmarkTarget(name, other, backend, config, build);
  }

  /**
   * Names another backend.
   *
   * @param name label
   * @param id of the backend
   * @return a new target
   */
  public BenchmarkTarget withBackend(String name, String id) {
    return new BenchmarkTarget(name, bundle, id, config, build);
  }

  /**
   * Names another configuration.
   *
   * @param name label
   * @param other the configuration
   * @return a new target
   */
  public BenchmarkTarget withConfig(String name, BackendConfig other) {
    return new BenchmarkTarget(name, bundle, backend, other, build);
  }

  /**
   * Names another build.
   *
   * @param name label
   * @param jar of its command line
   * @return a new target
   */
  public BenchmarkTarget withBuild(String name, Path jar) {
    return new BenchmarkTarget(name, bundle, backend, config, Optional.of(jar));
  }
}
