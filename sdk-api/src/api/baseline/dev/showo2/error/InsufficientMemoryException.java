package dev.showo2.error;

public final class InsufficientMemoryException extends ShowO2Exception {
  public InsufficientMemoryException(String message) { super((String) null, (Throwable) null); throw null; }
  public InsufficientMemoryException(String message, Throwable cause) { super((String) null, (Throwable) null); throw null; }
}
