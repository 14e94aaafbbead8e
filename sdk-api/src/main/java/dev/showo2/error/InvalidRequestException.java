package dev.showo2.error;

import org.apiguardian.api.API;

/** An argument of a request cannot be served; found before any model work started. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class InvalidRequestException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  public InvalidRequestException(String message) {
    super(message, null);
  }

  public InvalidRequestException(String message, Throwable cause) {
    super(message, cause);
  }
}
