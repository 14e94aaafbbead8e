package dev.showo2.conformance.report;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.rules.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The outcome of one check.
 *
 * @param rule that it tests
 * @param model on which, such as {@code tiny-a}
 * @param check its name, unique for the rule and the model
 * @param figures one comparison per tensor, as far as the check got
 * @param reason why it failed, did not run or was waived; what was left out of one that passed; or
 *     empty
 * @param advice where to look, if the kit knows the fault, or empty
 * @param time that it took
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Outcome(
    Rule rule,
    String model,
    String check,
    Status status,
    List<Comparison> figures,
    String reason,
    String advice,
    Duration time) {

  /**
   * Copies the collections and refuses null.
   *
   * @param rule that it tests
   * @param model on which, such as {@code tiny-a}
   * @param check its name, unique for the rule and the model
   * @param figures one comparison per tensor, as far as the check got
   * @param reason why it failed, did not run or was waived; what was left out of one that passed;
   *     or empty
   * @param advice where to look, if the kit knows the fault, or empty
   * @param time that it took
   * @param status the status of the check
   */
  public Outcome {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(time, "time");
    figures = List.copyOf(figures);
  }

  /**
   * {@return the id by which it can be run again, such as {@code B-04/tiny-a/backbone_two_spans}}
   */
  public String id() {
    return rule.id() + "/" + model + "/" + check;
  }

  /**
   * {@return the same outcome, waived}
   *
   * @param why the reason, for the report
   */
  public Outcome waived(String why) {
    String text = reason.isEmpty() ? why : why + "; " + reason;
    return new Outcome(rule, model, check, Status.WAIVED, figures, text, advice, time);
  }

  /**
   * {@return the same outcome with advice}
   *
   * @param advice what to look at
   */
  public Outcome advised(String advice) {
    return new Outcome(rule, model, check, status, figures, reason, advice, time);
  }

  /** {@return the problem in one line: the comparisons that failed, the reason, where to look} */
  public String problem() {
    String text =
        figures.stream()
            .filter(figure -> !figure.passed())
            .map(Comparison::toString)
            .collect(Collectors.joining("; "));
    for (String more : List.of(reason, advice)) {
      text += text.isEmpty() || more.isEmpty() ? more : "; " + more;
    }
    return oneLine(text);
  }

  /** One line: status, id, figures, reason, advice. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(status + "  " + id());
    String shown = figures.stream().map(Comparison::toString).collect(Collectors.joining("; "));
    for (String part : List.of(shown, reason, advice)) {
      if (!part.isEmpty()) {
        text.append("  ").append(part);
      }
    }
    return oneLine(text.toString());
  }

  // Messages of exceptions may hold line breaks; a report has one line a check.
  private static String oneLine(String text) {
    return text.replaceAll("\\R", " ");
  }
}
