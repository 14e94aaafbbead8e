package dev.showo2.error;

public final class CancelledException extends ShowO2Exception {
  public CancelledException(String message) { super((String) null, (Throwable) null); throw null; }
  public CancelledException(String message, Throwable cause) { super((String) null, (Throwable) null); throw null; }
}
