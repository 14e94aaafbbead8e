package dev.showo2.error;

public final class BackendException extends ShowO2Exception {
  public BackendException(String message) { super((String) null, (Throwable) null); throw null; }
  public BackendException(String message, Throwable cause) { super((String) null, (Throwable) null); throw null; }
}
