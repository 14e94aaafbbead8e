package dev.showo2.conformance.report;

import org.apiguardian.api.API;

/** The result of a check, or of a rule with all its checks. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Status {
  /** The check passed. */
  PASSED("passed"),
  /** The check failed. */
  FAILED("failed"),
  /** It failed, and a waiver says why that is accepted. */
  WAIVED("waived"),
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
