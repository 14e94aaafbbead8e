package dev.showo2.stage;

public interface TimeEmbedding {
  public abstract TimeFeatures embed(TimeEmbeddingRequest request);
}
