package dev.showo2.stage;

public interface TextEmbedding {
  public abstract dev.showo2.tensor.Tensor embed(TextEmbeddingRequest request);
}
