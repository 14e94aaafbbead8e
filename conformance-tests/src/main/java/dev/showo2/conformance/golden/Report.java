package dev.showo2.conformance.golden;

import dev.showo2.conformance.golden.CaseOutcome.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The outcomes of one verification.
 *
 * @param outcomes in the order in which the cases stand
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Report(List<CaseOutcome> outcomes) {

  public Report {
    outcomes = List.copyOf(outcomes);
  }

  public int count(Status status) {
    return (int) outcomes.stream().filter(outcome -> outcome.status() == status).count();
  }

  /** Whether something ran and nothing failed: what did not run proves nothing. */
  public boolean successful() {
    return count(Status.PASSED) > 0 && count(Status.FAILED) == 0;
  }

  /** The counts, such as {@code 31 passed, 0 failed, 4 not run}. */
  public String summary() {
    return count(Status.PASSED)
        + " passed, "
        + count(Status.FAILED)
        + " failed, "
        + count(Status.NOT_RUN)
        + " not run";
  }

  /** Writes a line per case and the summary. */
  public void print(Appendable out) {
    try {
      for (CaseOutcome outcome : outcomes) {
        out.append(outcome.toString()).append('\n');
      }
      out.append(summary()).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
