package dev.showo2.error;

import org.apiguardian.api.API;

/** A backend, stage or feature is not there; the message names what would bring it. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class UnsupportedFeatureException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  public UnsupportedFeatureException(String message) {
    super(message, null);
  }

  public UnsupportedFeatureException(String message, Throwable cause) {
    super(message, cause);
  }
}
