package dev.showo2.stage;

public record BackboneRequest(KvCache cache, java.util.List<dev.showo2.tensor.Tensor> embeddings, Attention attention) {
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
