package dev.showo2.error;

public abstract class ShowO2Exception extends RuntimeException {
  protected ShowO2Exception(String message, Throwable cause) { super(); throw null; }
}
