package dev.showo2.stage;

public final class BackboneRequest {
  BackboneRequest() { super(); throw null; }
  public static BackboneRequest of(KvCache cache, java.util.List<dev.showo2.tensor.Tensor> embeddings, Attention attention) { throw null; }
  public KvCache cache() { throw null; }
  public java.util.List<dev.showo2.tensor.Tensor> embeddings() { throw null; }
  public Attention attention() { throw null; }
}
