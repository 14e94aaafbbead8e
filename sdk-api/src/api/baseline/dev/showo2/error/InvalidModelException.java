package dev.showo2.error;

public final class InvalidModelException extends ShowO2Exception {
  public InvalidModelException(String message) { super((String) null, (Throwable) null); throw null; }
  public InvalidModelException(String message, Throwable cause) { super((String) null, (Throwable) null); throw null; }
}
