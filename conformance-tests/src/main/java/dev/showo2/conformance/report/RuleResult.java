package dev.showo2.conformance.report;

import dev.showo2.conformance.rules.Rule;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The result of one rule.
 *
 * @param outcomes of its checks; none if it was not tested at all
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RuleResult(Rule rule, List<Outcome> outcomes) {

  /**
   * Copies the collections, so that changes to them afterwards have no effect.
   *
   * @param outcomes of its checks; none if it was not tested at all
   * @param rule the rule
   */
  public RuleResult {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * {@return the status: failed if a check failed; else waived if one was waived; else passed if
   * one passed}
   */
  public Status status() {
    for (Status status : List.of(Status.FAILED, Status.WAIVED, Status.PASSED)) {
      if (count(status) > 0) {
        return status;
      }
    }
    return Status.NOT_RUN;
  }

  /** {@return the reason why the rule was not run, or empty} */
  public String reason() {
    if (rule.untestable().isPresent()) {
      return "cannot be tested: " + rule.untestable().get();
    }
    if (outcomes.isEmpty()) {
      return "no check of it was chosen";
    }
    return status() == Status.NOT_RUN ? outcomes.get(0).reason() : "";
  }

  /**
   * Counts the checks of the rule.
   *
   * @param status of the checks that count
   * @return how many checks ended so
   */
  public int count(Status status) {
    return (int) outcomes.stream().filter(outcome -> outcome.status() == status).count();
  }
}
