package dev.showo2.spi.support;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * Reads the options of a backend from its configuration, each as a value of its type. The options
 * that were read are those that exist: {@link #refuseOthers()} lists them when there are more. A
 * wrong value is refused with {@link UnsupportedFeatureException}. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OptionReader {

  private final String backend;
  private final BackendConfig config;
  private final Set<String> known = new TreeSet<>();

  /**
   * Makes a reader of one configuration.
   *
   * @param backend id of the provider, for messages
   * @param config holds the options
   */
  public OptionReader(String backend, BackendConfig config) {
    this.backend = Objects.requireNonNull(backend, "backend");
    this.config = Objects.requireNonNull(config, "config");
  }

  /**
   * Refuses a device that the backend does not have.
   *
   * @param devices those that it has; a type without an index means all devices of that type
   * @return the device of the configuration
   * @throws UnsupportedFeatureException if it is another one; the message lists those that exist
   */
  public Device device(Device... devices) {
    Device wanted = config.device();
    for (Device device : devices) {
      if (wanted.equals(device)
          || device.index().isEmpty() && wanted.type().equals(device.type())) {
        return wanted;
      }
    }
    throw new UnsupportedFeatureException(
        "the backend '"
            + backend
            + "' computes on the device \""
            + Arrays.stream(devices).map(Device::toString).collect(Collectors.joining("\" or \""))
            + "\", asked for \""
            + wanted
            + "\"");
  }

  /**
   * Reads a text.
   *
   * @param name of the option
   * @return its value, if it is set
   */
  public Optional<String> text(String name) {
    known.add(name);
    return Optional.ofNullable(config.options().get(name));
  }

  /**
   * Reads a path.
   *
   * @param name of the option
   * @return its value, if it is set
   * @throws UnsupportedFeatureException if it is no path of this system
   */
  public Optional<Path> path(String name) {
    Optional<String> value = text(name);
    try {
      return value.map(Path::of);
    } catch (InvalidPathException e) {
      throw wrong(name, "a path", value.orElseThrow());
    }
  }

  /**
   * Reads an integer.
   *
   * @param name of the option
   * @param standard the value if it is not set
   * @param least smallest value allowed
   * @param most largest value allowed
   * @return its value
   * @throws UnsupportedFeatureException if it is no integer in this range
   */
  public int integer(String name, int standard, int least, int most) {
    return (int) number(name, standard, least, most);
  }

  /**
   * Reads a long integer.
   *
   * @param name of the option
   * @param standard the value if it is not set
   * @param least smallest value allowed
   * @param most largest value allowed
   * @return its value
   * @throws UnsupportedFeatureException if it is no integer in this range
   */
  public long number(String name, long standard, long least, long most) {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      return standard;
    }
    try {
      long number = Long.parseLong(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, like a number out of range.
    }
    throw wrong(name, "an integer from " + least + " to " + most, value.get());
  }

  /**
   * Reads a truth value.
   *
   * @param name of the option
   * @param standard the value if it is not set
   * @return its value
   * @throws UnsupportedFeatureException if it is neither {@code true} nor {@code false}
   */
  public boolean flag(String name, boolean standard) {
    return choice(name, Boolean.toString(standard), Map.of("true", true, "false", false));
  }

  /**
   * Reads one of several names.
   *
   * @param <V> type of the values
   * @param name of the option
   * @param standard the name chosen if it is not set
   * @param choices values by name
   * @return the value with the chosen name
   * @throws UnsupportedFeatureException if it is none of the names; the message lists them
   */
  public <V> V choice(String name, String standard, Map<String, V> choices) {
    String value = text(name).orElse(standard);
    V chosen = choices.get(value);
    if (chosen == null) {
      throw wrong(name, "one of " + new TreeSet<>(choices.keySet()), value);
    }
    return chosen;
  }

  /**
   * Reads a constant of an enum, written in lower case with hyphens.
   *
   * @param <E> the enum
   * @param name of the option
   * @param standard the value if it is not set
   * @return its value
   * @throws UnsupportedFeatureException if there is no such constant; the message lists them
   */
  public <E extends Enum<E>> E constant(String name, E standard) {
    Map<String, E> choices = new TreeMap<>();
    for (E constant : standard.getDeclaringClass().getEnumConstants()) {
      choices.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
    }
    return text(name).isEmpty() ? standard : choice(name, "", choices);
  }

  /**
   * Refuses options that have not been read; called after all the others.
   *
   * @throws UnsupportedFeatureException if there are any; the message lists them and those that
   *     exist
   */
  public void refuseOthers() {
    Set<String> unknown = new TreeSet<>(config.options().keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new UnsupportedFeatureException(
          "the backend '"
              + backend
              + "' has no options "
              + unknown
              + "; it knows "
              + (known.isEmpty() ? "none at all" : known));
    }
  }

  private UnsupportedFeatureException wrong(String name, String wanted, String found) {
    return new UnsupportedFeatureException(
        "option '"
            + name
            + "' of the backend '"
            + backend
            + "' is "
            + wanted
            + ", found '"
            + found
            + "'");
  }
}
