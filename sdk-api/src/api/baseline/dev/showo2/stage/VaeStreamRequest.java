package dev.showo2.stage;

public final class VaeStreamRequest {
  VaeStreamRequest() { super(); throw null; }
  public static VaeStreamRequest unspecified() { throw null; }
  public static VaeStreamRequest.Builder builder() { throw null; }
  public VaeStreamRequest.Builder toBuilder() { throw null; }
  public java.util.OptionalInt batch() { throw null; }
  public java.util.OptionalInt height() { throw null; }
  public java.util.OptionalInt width() { throw null; }
  public java.util.OptionalInt frames() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder {
    Builder() { super(); throw null; }
    public VaeStreamRequest.Builder batch(int batch) { throw null; }
    public VaeStreamRequest.Builder size(int height, int width) { throw null; }
    public VaeStreamRequest.Builder frames(int frames) { throw null; }
    public VaeStreamRequest build() { throw null; }
  }
}
