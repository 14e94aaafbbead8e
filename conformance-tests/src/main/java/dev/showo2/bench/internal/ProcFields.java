package dev.showo2.bench.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * The lines {@code name: value} of a file that Linux makes up, the first of each name. Empty on
 * other systems.
 *
 * @param values by name
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ProcFields(Map<String, String> values) {

  /** Reads a file, such as {@code /proc/cpuinfo}. */
  public static ProcFields read(String file) {
    Map<String, String> fields = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(Path.of(file))) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          fields.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
      }
    } catch (IOException e) {
      return new ProcFields(Map.of());
    }
    return new ProcFields(fields);
  }

  /** The text of a field, empty if there is none. */
  public String text(String name) {
    return values.getOrDefault(name, "");
  }

  /** Bytes of a field in kB, 0 if there is none. */
  public long bytes(String name) {
    String value = text(name);
    return value.matches("[0-9]{1,15} kB") ? Long.parseLong(value.split(" ")[0]) << 10 : 0;
  }
}
