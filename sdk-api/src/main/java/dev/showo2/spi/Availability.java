package dev.showo2.spi;

import java.util.Objects;
import org.apiguardian.api.API;

/** The answer of a backend that is asked whether it can run on this machine. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Availability {

  /** The backend can run here. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Usable() implements Availability {}

  /**
   * The backend cannot run here.
   *
   * @param reason what is missing and what would bring it, in one line
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Unusable(String reason) implements Availability {
    /**
     * Refuses a missing reason.
     *
     * @param reason why the backend cannot run here, and what to do
     */
    public Unusable {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The backend can run here.
   *
   * @return the answer
   */
  static Availability usable() {
    return new Usable();
  }

  /**
   * The backend cannot run here.
   *
   * @param reason what is missing and what would bring it, in one line
   * @return the answer
   */
  static Availability unusable(String reason) {
    return new Unusable(reason);
  }
}
