package dev.showo2.stage;

public final class TimeEmbeddingRequest {
  TimeEmbeddingRequest() { super(); throw null; }
  public static TimeEmbeddingRequest of(float[] times) { throw null; }
  public static TimeEmbeddingRequest repeated(float time, int batch) { throw null; }
  public float[] times() { throw null; }
}
