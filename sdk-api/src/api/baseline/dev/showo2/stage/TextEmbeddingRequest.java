package dev.showo2.stage;

public final class TextEmbeddingRequest {
  TextEmbeddingRequest() { super(); throw null; }
  public static TextEmbeddingRequest of(int[][] ids) { throw null; }
  public static TextEmbeddingRequest repeated(int[] ids, int batch) { throw null; }
  public int[][] ids() { throw null; }
}
