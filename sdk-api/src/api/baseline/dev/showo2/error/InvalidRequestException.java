package dev.showo2.error;

public final class InvalidRequestException extends ShowO2Exception {
  public InvalidRequestException(String message) { super((String) null, (Throwable) null); throw null; }
  public InvalidRequestException(String message, Throwable cause) { super((String) null, (Throwable) null); throw null; }
}
