package dev.showo2.conformance.report;

import java.util.Objects;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * The command that runs one check again, up to the position of the check. Given by whoever started
 * the run, since only that knows the command.
 *
 * @param command for a POSIX shell, such as {@code showo2 conformance --backend onnx --only }; what
 *     stands in it is quoted already
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Rerun(String command) {

  /** What no shell reads as anything but itself. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

  /**
   * Refuses null.
   *
   * @param command for a POSIX shell, such as {@code showo2 conformance --backend onnx --only };
   *     what stands in it is quoted already
   */
  public Rerun {
    Objects.requireNonNull(command, "command");
  }

  /**
   * {@return the command that runs this check and no other}
   *
   * @param check such as {@code B-04/tiny-a/backbone_two_spans}
   */
  public String of(String check) {
    return command + quoted(asOnly(check));
  }

  /** A check as one of a list: its own commas are escaped, since commas part the list. */
  static String asOnly(String check) {
    return check.replace(",", "\\,");
  }

  /**
   * {@return a word as a POSIX shell takes it for one}
   *
   * @param word any text
   */
  public static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
