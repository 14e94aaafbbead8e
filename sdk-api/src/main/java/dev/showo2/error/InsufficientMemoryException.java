package dev.showo2.error;

import org.apiguardian.api.API;

/** Memory that the engine or the JVM could not get for a model or request. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class InsufficientMemoryException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a failure without a cause.
   *
   * @param message what was expected, what was found and what to do
   */
  public InsufficientMemoryException(String message) {
    super(message, null);
  }

  /**
   * Reports a failure.
   *
   * @param message what was expected, what was found and what to do
   * @param cause what it came from
   */
  public InsufficientMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
