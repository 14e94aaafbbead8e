package dev.showo2.spi;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The presentation of a backend, known without loading anything native. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BackendInfo {

  /**
   * The priority of a backend that is chosen only when it is named: one for tests and comparisons,
   * which would be too slow for whoever does not expect it.
   */
  public static final int NAMED_ONLY = Integer.MIN_VALUE;

  private final String name;
  private final String version;
  private final int priority;
  private final Set<Device> devices;

  private BackendInfo(Builder builder) {
    name = builder.name;
    version = builder.version;
    priority = builder.priority;
    devices = Collections.unmodifiableSet(new LinkedHashSet<>(builder.devices));
  }

  /**
   * Starts the presentation of a backend.
   *
   * @param name for people, such as "ONNX Runtime"
   * @return a builder with an unknown version, priority 0 and no devices
   */
  public static Builder builder(String name) {
    return new Builder(Objects.requireNonNull(name, "name"));
  }

  /**
   * Returns the name for people.
   *
   * @return such as "ONNX Runtime"
   */
  public String name() {
    return name;
  }

  /**
   * Returns the version of the engine.
   *
   * @return as the engine writes it, or "unknown"
   */
  public String version() {
    return version;
  }

  /**
   * Returns the priority: of the usable backends the one with the highest is chosen when none is
   * named. One of priority {@link #NAMED_ONLY} is not.
   *
   * @return any number; the SDK's own backends have 100 (general) to 300 (needs special hardware)
   */
  public int priority() {
    return priority;
  }

  /**
   * Returns the devices that the backend can be opened for where the machine has them. A type
   * without an index means all devices of that type.
   *
   * @return immutable, in the backend's order; empty where it does not tell
   */
  public Set<Device> devices() {
    return devices;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BackendInfo info
        && name.equals(info.name)
        && version.equals(info.version)
        && priority == info.priority
        && devices.equals(info.devices);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, version, priority, devices);
  }

  @Override
  public String toString() {
    return "BackendInfo[name="
        + name
        + ", version="
        + version
        + ", priority="
        + priority
        + ", devices="
        + devices
        + "]";
  }

  /** Collects a {@link BackendInfo}. Not thread-safe. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder {

    private final String name;
    private String version = "unknown";
    private int priority;
    private List<Device> devices = List.of();

    private Builder(String name) {
      this.name = name;
    }

    /**
     * Sets the version of the engine; "unknown" by default.
     *
     * @param version as the engine writes it
     * @return this builder
     */
    public Builder version(String version) {
      this.version = Objects.requireNonNull(version, "version");
      return this;
    }

    /**
     * Sets the priority; 0 by default, below the SDK's own backends.
     *
     * @param priority any number; the highest of the usable backends is chosen when none is named,
     *     but never one of {@link #NAMED_ONLY}
     * @return this builder
     */
    public Builder priority(int priority) {
      this.priority = priority;
      return this;
    }

    /**
     * Sets the devices that the backend can be opened for; not told by default.
     *
     * @param devices copied, in the backend's order
     * @return this builder
     */
    public Builder devices(Collection<Device> devices) {
      this.devices = List.copyOf(devices);
      return this;
    }

    /**
     * Builds the presentation.
     *
     * @return an immutable presentation
     */
    public BackendInfo build() {
      return new BackendInfo(this);
    }
  }
}
