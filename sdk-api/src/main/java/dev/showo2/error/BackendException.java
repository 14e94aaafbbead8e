package dev.showo2.error;

import org.apiguardian.api.API;

/** An engine that failed while it opened or ran a model; the cause holds the engine's own error. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class BackendException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a failure without a cause.
   *
   * @param message what was expected, what was found and what to do
   */
  public BackendException(String message) {
    super(message, null);
  }

  /**
   * Reports a failure.
   *
   * @param message what was expected, what was found and what to do
   * @param cause what it came from
   */
  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
