package dev.showo2.stage;

public interface FlowHead {
  public abstract KvCache newCache(CacheRequest request);
  public abstract void append(FlowHeadRequest request);
  public abstract dev.showo2.tensor.Tensor velocity(FlowHeadRequest request);
  public default java.util.List<dev.showo2.tensor.Tensor> velocityAll(java.util.List<FlowHeadRequest> requests) { throw null; }
}
