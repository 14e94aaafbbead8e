package dev.showo2.error;

import org.apiguardian.api.API;

/**
 * The root of all exceptions that the SDK throws on purpose. A message says what was expected, what
 * was found and what to do. Leaves may be added.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public abstract class ShowO2Exception extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a failure.
   *
   * @param message what was expected, what was found and what to do
   * @param cause what it came from, or null
   */
  protected ShowO2Exception(String message, Throwable cause) {
    super(message, cause);
  }
}
