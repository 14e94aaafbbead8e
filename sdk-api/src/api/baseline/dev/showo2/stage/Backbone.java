package dev.showo2.stage;

public interface Backbone {
  public abstract KvCache newCache(CacheRequest request);
  public abstract dev.showo2.tensor.Tensor append(BackboneRequest request);
  public abstract dev.showo2.tensor.Tensor evaluate(BackboneRequest request);
  public default java.util.List<dev.showo2.tensor.Tensor> evaluateAll(java.util.List<BackboneRequest> requests) { throw null; }
}
