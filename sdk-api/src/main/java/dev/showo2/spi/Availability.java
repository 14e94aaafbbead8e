package dev.showo2.spi;

import org.apiguardian.api.API;

/** Whether a backend can run on this machine. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Availability {

  /** It can. */
  record Usable() implements Availability {}

  /**
   * It cannot.
   *
   * @param reason what is missing and what would bring it, in one line
   */
  record Unusable(String reason) implements Availability {}

  static Availability usable() {
    return new Usable();
  }

  static Availability unusable(String reason) {
    return new Unusable(reason);
  }
}
