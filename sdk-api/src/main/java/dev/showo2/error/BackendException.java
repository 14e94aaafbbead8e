package dev.showo2.error;

import org.apiguardian.api.API;

/** An engine failed while it opened or ran a model; the cause holds the engine's own error. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BackendException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  public BackendException(String message) {
    super(message, null);
  }

  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
