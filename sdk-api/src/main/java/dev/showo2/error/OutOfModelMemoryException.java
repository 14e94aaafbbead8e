package dev.showo2.error;

import org.apiguardian.api.API;

/** The engine or the JVM could not get the memory that a model or request needs. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OutOfModelMemoryException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  public OutOfModelMemoryException(String message) {
    super(message, null);
  }

  public OutOfModelMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
