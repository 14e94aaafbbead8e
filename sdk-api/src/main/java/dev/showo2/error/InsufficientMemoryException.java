package dev.showo2.error;

import org.apiguardian.api.API;

/** The engine or the JVM could not get the memory that a model or request needs. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class InsufficientMemoryException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  public InsufficientMemoryException(String message) {
    super(message, null);
  }

  public InsufficientMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
