package dev.showo2.error;

import org.apiguardian.api.API;

/** A checkpoint or bundle is missing, damaged, altered or not what it claims to be. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class InvalidModelException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  public InvalidModelException(String message) {
    super(message, null);
  }

  public InvalidModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
