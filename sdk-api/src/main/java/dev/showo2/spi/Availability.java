package dev.showo2.spi;

import java.util.Objects;
import org.apiguardian.api.API;

/** Whether a backend can run on this machine. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Availability {

  /** It can. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Usable() implements Availability {}

  /**
   * It cannot.
   *
   * @param reason what is missing and what would bring it, in one line
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Unusable(String reason) implements Availability {
    public Unusable {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** It can. */
  static Availability usable() {
    return new Usable();
  }

  /**
   * It cannot.
   *
   * @param reason what is missing and what would bring it, in one line
   */
  static Availability unusable(String reason) {
    return new Unusable(reason);
  }
}
