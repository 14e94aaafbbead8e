package dev.showo2.error;

import org.apiguardian.api.API;

/** A backend, stage or feature that is not there; the message names what would bring it. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class UnsupportedFeatureException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a failure without a cause.
   *
   * @param message what was expected, what was found and what to do
   */
  public UnsupportedFeatureException(String message) {
    super(message, null);
  }

  /**
   * Reports a failure.
   *
   * @param message what was expected, what was found and what to do
   * @param cause what it came from
   */
  public UnsupportedFeatureException(String message, Throwable cause) {
    super(message, cause);
  }
}
