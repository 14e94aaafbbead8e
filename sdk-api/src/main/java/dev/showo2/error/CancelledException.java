package dev.showo2.error;

import org.apiguardian.api.API;

/** The request was cancelled before it had finished; nothing of it is left behind. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CancelledException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  public CancelledException(String message) {
    super(message, null);
  }

  public CancelledException(String message, Throwable cause) {
    super(message, cause);
  }
}
