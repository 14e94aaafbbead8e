package dev.showo2.error;

import org.apiguardian.api.API;

/** An argument that a request cannot be served with; found before any model work started. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class InvalidRequestException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a failure without a cause.
   *
   * @param message what was expected, what was found and what to do
   */
  public InvalidRequestException(String message) {
    super(message, null);
  }

  /**
   * Reports a failure.
   *
   * @param message what was expected, what was found and what to do
   * @param cause what it came from
   */
  public InvalidRequestException(String message, Throwable cause) {
    super(message, cause);
  }
}
