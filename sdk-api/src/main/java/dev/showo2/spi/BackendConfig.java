package dev.showo2.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * How a backend is to be opened. Immutable.
 *
 * <p>What every engine knows has a method here; the rest are options by name, each documented by
 * its backend. A backend refuses options that it does not know.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BackendConfig {

  private static final BackendConfig DEFAULTS = builder().build();

  private final String device;
  private final OptionalInt threads;
  private final Map<String, String> options;

  private BackendConfig(Builder builder) {
    device = builder.device;
    threads = builder.threads;
    options = Collections.unmodifiableMap(new TreeMap<>(builder.options));
  }

  /** CPU, the engine's own number of threads, no options. */
  public static BackendConfig defaults() {
    return DEFAULTS;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Where to compute: "cpu", or "cuda" with an optional index as in "cuda:1". */
  public String device() {
    return device;
  }

  /** Threads for one computation; absent leaves the choice to the engine. */
  public OptionalInt threads() {
    return threads;
  }

  /** Options of one backend by name, in the order of their names. */
  public Map<String, String> options() {
    return options;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BackendConfig config
        && device.equals(config.device)
        && threads.equals(config.threads)
        && options.equals(config.options);
  }

  @Override
  public int hashCode() {
    return Objects.hash(device, threads, options);
  }

  @Override
  public String toString() {
    return "device="
        + device
        + ", threads="
        + (threads.isPresent() ? threads.getAsInt() : "default")
        + ", options="
        + options;
  }

  /** Collects what a {@link BackendConfig} is made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder {

    private String device = "cpu";
    private OptionalInt threads = OptionalInt.empty();
    private final Map<String, String> options = new LinkedHashMap<>();

    private Builder() {}

    /**
     * @param device "cpu", or another that the backend documents, such as "cuda:1"
     * @throws IllegalArgumentException if the name is blank
     */
    public Builder device(String device) {
      Objects.requireNonNull(device, "device");
      if (device.isBlank()) {
        throw new IllegalArgumentException("a device has a name, such as \"cpu\"");
      }
      this.device = device;
      return this;
    }

    /**
     * @param threads at least 1
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
     * Sets an option of the backend; of several values for one name the last one counts.
     *
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

    public BackendConfig build() {
      return new BackendConfig(this);
    }
  }
}
