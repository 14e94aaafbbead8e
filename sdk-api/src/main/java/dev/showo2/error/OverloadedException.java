package dev.showo2.error;

import java.time.Duration;
import java.util.Objects;
import org.apiguardian.api.API;

/** A request that was refused because enough others run and wait; it has computed nothing. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class OverloadedException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /**
   * Reports a refusal.
   *
   * @param message what was expected, what was found and what to do
   * @param retryAfter when a place may be free
   */
  public OverloadedException(String message, Duration retryAfter) {
    super(message, null);
    this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
  }

  /**
   * Returns when it may be worth to ask again, as a server's {@code Retry-After} says it.
   *
   * @return an estimate from the requests so far, from one second to ten minutes
   */
  public Duration retryAfter() {
    return retryAfter;
  }
}
