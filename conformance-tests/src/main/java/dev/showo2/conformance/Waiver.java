package dev.showo2.conformance;

import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.rules.Rule;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * A failure that is known and accepted for a reason.
 *
 * @param what a rule such as {@code R-14}, or one check such as {@code R-14/tiny-a/all-stages}
 * @param reason why it is accepted, for the report
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Waiver(String what, String reason) {

  private static final Pattern LINE = Pattern.compile("(\\S+)\\s+(\\S.*)");

  /**
   * Makes a waiver and validates its components.
   *
   * @param what a rule or a check
   * @param reason why it is accepted, for the report
   * @throws IllegalArgumentException if there is no such rule, or no reason
   */
  public Waiver {
    String rule = what.split("/", 2)[0];
    if (Rule.of(rule).isEmpty()) {
      throw new IllegalArgumentException(
          "a waiver names a rule such as R-14, or a check such as R-14/tiny-a/all-stages; found '"
              + what
              + "'");
    }
    if (reason.isBlank()) {
      throw new IllegalArgumentException("the waiver of " + what + " gives no reason");
    }
  }

  /** A line of a file: rule or check, white space, reason. */
  static Waiver parse(String line) {
    Matcher matcher = LINE.matcher(line.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a waiver is a rule or check and a reason, such as 'R-14 atomics add up in any order';"
              + " found '"
              + line
              + "'");
    }
    return new Waiver(matcher.group(1), matcher.group(2));
  }

  boolean covers(Outcome outcome) {
    return outcome.id().equals(what) || outcome.id().startsWith(what + "/");
  }
}
