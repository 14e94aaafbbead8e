package dev.showo2.stage;

public final class CacheRequest {
  CacheRequest() { super(); throw null; }
  public static CacheRequest of(int batch) { throw null; }
  public static CacheRequest.Builder builder(int batch) { throw null; }
  public CacheRequest.Builder toBuilder() { throw null; }
  public int batch() { throw null; }
  public java.util.OptionalInt expectedPositions() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder {
    Builder() { super(); throw null; }
    public CacheRequest.Builder expectedPositions(int positions) { throw null; }
    public CacheRequest build() { throw null; }
  }
}
