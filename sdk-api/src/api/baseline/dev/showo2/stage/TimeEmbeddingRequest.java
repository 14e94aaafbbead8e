package dev.showo2.stage;

public record TimeEmbeddingRequest(float[] times) {
  public static TimeEmbeddingRequest repeated(float time, int batch) { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
