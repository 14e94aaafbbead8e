package dev.showo2.spi;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * A device to compute on: a type such as {@code cpu} or {@code cuda}, and where there are several
 * of it an index, as in {@code cuda:1}. Immutable and thread-safe.
 *
 * <p>Types are open: a backend may bring its own, such as {@code rocm}, and refuses those that it
 * does not know. A device without an index leaves the choice to the engine, so that {@code cuda}
 * and {@code cuda:0} are not equal.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Device {

  private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9-]*)(?::(0|[1-9][0-9]{0,5}))?");

  /** The processor. */
  public static final Device CPU = new Device("cpu", OptionalInt.empty());

  private final String type;
  private final OptionalInt index;

  private Device(String type, OptionalInt index) {
    this.type = type;
    this.index = index;
  }

  /**
   * Reads the form that {@link #toString} gives.
   *
   * @param device a type of lower-case letters, digits and hyphens that begins with a letter, then
   *     where needed a colon and an index from 0; such as {@code cpu}, {@code cuda} or {@code
   *     cuda:1}
   * @return the device
   * @throws IllegalArgumentException if the text has another form; the message says which is needed
   */
  public static Device parse(String device) {
    Matcher matcher = FORM.matcher(Objects.requireNonNull(device, "device"));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "device: a type in lower case is needed, with an index from 0 where there are several,"
              + " such as cpu, cuda or cuda:1; found '"
              + device
              + "'");
    }
    String index = matcher.group(2);
    return new Device(
        matcher.group(1),
        index == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(index)));
  }

  /**
   * Returns the type.
   *
   * @return such as {@code cuda}
   */
  public String type() {
    return type;
  }

  /**
   * Returns the index among the devices of the type.
   *
   * @return at least 0, or empty where the engine chooses
   */
  public OptionalInt index() {
    return index;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Device device && type.equals(device.type) && index.equals(device.index);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, index);
  }

  /**
   * Returns the form that {@link #parse} reads.
   *
   * @return such as {@code cpu}, {@code cuda} or {@code cuda:1}
   */
  @Override
  public String toString() {
    return index.isPresent() ? type + ":" + index.getAsInt() : type;
  }
}
