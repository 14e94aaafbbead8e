package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Comparison;
import java.util.List;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * What became of one case.
 *
 * @param name of the case
 * @param stage as {@code cases.json} names it
 * @param figures one comparison per tensor, as far as the case got
 * @param reason why it failed or did not run; what was left out of a case that passed; or empty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CaseOutcome(
    String name, String stage, Status status, List<Comparison> figures, String reason) {

  /** How a case ended. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum Status {
    PASSED("passed"),
    FAILED("failed"),
    /** Nothing was checked; this never counts as passed. */
    NOT_RUN("not run");

    private final String text;

    Status(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  public CaseOutcome {
    figures = List.copyOf(figures);
  }

  static CaseOutcome failed(GoldenCase golden, List<Comparison> figures, String reason) {
    return new CaseOutcome(golden.name(), golden.stage(), Status.FAILED, figures, reason);
  }

  static CaseOutcome notRun(GoldenCase golden, String reason) {
    return new CaseOutcome(golden.name(), golden.stage(), Status.NOT_RUN, List.of(), reason);
  }

  /** One line: status, name, figures, reason. */
  @Override
  public String toString() {
    String text = status + "  " + name;
    if (!figures.isEmpty()) {
      text += "  " + figures.stream().map(Comparison::toString).collect(Collectors.joining("; "));
    }
    if (!reason.isEmpty()) {
      text += "  " + reason;
    }
    // Messages of exceptions may hold line breaks; a report has one line a case.
    return text.replaceAll("\\R", " ");
  }
}
