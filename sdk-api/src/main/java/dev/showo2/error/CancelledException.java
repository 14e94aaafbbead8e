package dev.showo2.error;

import org.apiguardian.api.API;

/** The end of a request that was cancelled before it had finished; it leaves nothing behind. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class CancelledException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a failure without a cause.
   *
   * @param message what was expected, what was found and what to do
   */
  public CancelledException(String message) {
    super(message, null);
  }

  /**
   * Reports a failure.
   *
   * @param message what was expected, what was found and what to do
   * @param cause what it came from
   */
  public CancelledException(String message, Throwable cause) {
    super(message, cause);
  }
}
