package dev.showo2.stage;

public record TextEmbeddingRequest(int[][] ids) {
  public static TextEmbeddingRequest repeated(int[] ids, int batch) { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
