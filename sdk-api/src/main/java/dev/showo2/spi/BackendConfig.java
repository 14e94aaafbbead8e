package dev.showo2.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * The settings with which a backend is opened. Immutable and thread-safe.
 *
 * <p>Settings that every engine knows have a method here; the others are options by name, each
 * documented by its backend. A backend refuses options that it does not know.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class BackendConfig {

  private static final BackendConfig DEFAULTS = builder().build();

  private final Device device;
  private final OptionalInt threads;
  private final Optional<Path> cacheDirectory;
  private final Duration shutdownGrace;
  private final Map<String, String> options;

  private BackendConfig(Builder builder) {
    device = builder.device;
    threads = builder.threads;
    cacheDirectory = builder.cacheDirectory;
    shutdownGrace = builder.shutdownGrace;
    options = Collections.unmodifiableMap(new TreeMap<>(builder.options));
  }

  /**
   * The processor, the engine's own number of threads, no cache directory, no options.
   *
   * @return the configuration that is used unless asked otherwise
   */
  public static BackendConfig defaults() {
    return DEFAULTS;
  }

  /**
   * Starts a configuration.
   *
   * @return a builder with the settings of {@link #defaults()}
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts a configuration with the settings of this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.device = device;
    builder.threads = threads;
    builder.cacheDirectory = cacheDirectory;
    builder.shutdownGrace = shutdownGrace;
    builder.options.putAll(options);
    return builder;
  }

  /**
   * Returns the device to compute on.
   *
   * @return {@link Device#CPU} unless asked otherwise
   */
  public Device device() {
    return device;
  }

  /**
   * Returns the number of threads for one computation.
   *
   * @return at least 1; empty leaves the choice to the engine
   */
  public OptionalInt threads() {
    return threads;
  }

  /**
   * Returns the directory for files that a backend derives from a bundle and can use again, such as
   * engines that were built for one device.
   *
   * @return a directory, which need not exist yet; empty if none was set: a backend that needs one
   *     takes a part of this user's cache folder, all others leave no files behind
   */
  public Optional<Path> cacheDirectory() {
    return cacheDirectory;
  }

  /**
   * Returns how long the backend goes on once the JVM has begun to shut down. Backends that extend
   * {@link dev.showo2.spi.support.AbstractBackend} hand it to their lifetime.
   *
   * @return zero unless asked otherwise
   */
  public Duration shutdownGrace() {
    return shutdownGrace;
  }

  /**
   * Returns the options of one backend by name.
   *
   * @return immutable, in the order of the names
   */
  public Map<String, String> options() {
    return options;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BackendConfig config
        && device.equals(config.device)
        && threads.equals(config.threads)
        && cacheDirectory.equals(config.cacheDirectory)
        && shutdownGrace.equals(config.shutdownGrace)
        && options.equals(config.options);
  }

  @Override
  public int hashCode() {
    return Objects.hash(device, threads, cacheDirectory, shutdownGrace, options);
  }

  @Override
  public String toString() {
    return "device="
        + device
        + ", threads="
        + (threads.isPresent() ? threads.getAsInt() : "default")
        + ", cacheDirectory="
        + cacheDirectory.map(Path::toString).orElse("none")
        + ", shutdownGrace="
        + shutdownGrace
        + ", options="
        + options;
  }

  /** Collects the settings of a {@link BackendConfig}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder {

    private Device device = Device.CPU;
    private OptionalInt threads = OptionalInt.empty();
    private Optional<Path> cacheDirectory = Optional.empty();
    private Duration shutdownGrace = Duration.ZERO;
    private final Map<String, String> options = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Sets the device to compute on; {@link Device#CPU} by default.
     *
     * @param device one that the backend documents
     * @return this builder
     */
    public Builder device(Device device) {
      this.device = Objects.requireNonNull(device, "device");
      return this;
    }

    /**
     * Sets the device to compute on; "cpu" by default.
     *
     * @param device in the form of {@link Device#parse}, such as "cpu", "cuda" or "cuda:1"
     * @return this builder
     * @throws IllegalArgumentException if the text has another form
     */
    public Builder device(String device) {
      return device(Device.parse(device));
    }

    /**
     * Sets the number of threads for one computation; the engine's choice by default.
     *
     * @param threads at least 1
     * @return this builder
     * @throws IllegalArgumentException if there are fewer
     */
    public Builder threads(int threads) {
      if (threads < 1) {
        throw new IllegalArgumentException("threads: at least 1 is needed, got " + threads);
      }
      this.threads = OptionalInt.of(threads);
      return this;
    }

    /**
     * Sets a directory for files that a backend derives from a bundle and can use again; by default
     * none, or a part of this user's cache folder where a backend needs one. Backends that derive
     * nothing ignore it.
     *
     * @param directory need not exist; may be shared by bundles, backends and processes
     * @return this builder
     */
    public Builder cacheDirectory(Path directory) {
      this.cacheDirectory = Optional.of(directory);
      return this;
    }

    /**
     * Sets how long requests may go on once the JVM has begun to shut down (SIGTERM, Ctrl-C, {@code
     * System.exit}); zero by default: they end as cancelled. What is set here delays the JVM's end
     * until the backend is closed or the time is over.
     *
     * @param grace not negative
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder shutdownGrace(Duration grace) {
      if (grace.isNegative()) {
        throw new IllegalArgumentException(
            "shutdownGrace: zero or more is needed, got " + grace.toSeconds() + " s");
      }
      this.shutdownGrace = grace;
      return this;
    }

    /**
     * Sets an option of the backend; of several values for one name the last one counts.
     *
     * @param name not blank, as the backend documents it
     * @param value as the backend documents it
     * @return this builder
     * @throws IllegalArgumentException if the name is blank
     */
    public Builder option(String name, String value) {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(value, "value");
      if (name.isBlank()) {
        throw new IllegalArgumentException("an option has a name, got a blank one");
      }
      options.put(name, value);
      return this;
    }

    /**
     * Builds the configuration.
     *
     * @return an immutable configuration
     */
    public BackendConfig build() {
      return new BackendConfig(this);
    }
  }
}
