package dev.showo2.error;

public final class UnsupportedFeatureException extends ShowO2Exception {
  public UnsupportedFeatureException(String message) { super((String) null, (Throwable) null); throw null; }
  public UnsupportedFeatureException(String message, Throwable cause) { super((String) null, (Throwable) null); throw null; }
}
