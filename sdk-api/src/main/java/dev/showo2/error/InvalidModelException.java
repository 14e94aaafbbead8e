package dev.showo2.error;

import org.apiguardian.api.API;

/** A checkpoint or bundle that is missing, corrupt, altered or not what it claims to be. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class InvalidModelException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a failure without a cause.
   *
   * @param message what was expected, what was found and what to do
   */
  public InvalidModelException(String message) {
    super(message, null);
  }

  /**
   * Reports a failure.
   *
   * @param message what was expected, what was found and what to do
   * @param cause what it came from
   */
  public InvalidModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
