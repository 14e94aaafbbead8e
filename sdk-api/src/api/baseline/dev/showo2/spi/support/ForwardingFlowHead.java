package dev.showo2.spi.support;

public abstract class ForwardingFlowHead implements dev.showo2.stage.FlowHead {
  protected final dev.showo2.stage.FlowHead delegate = null;
  protected ForwardingFlowHead(dev.showo2.stage.FlowHead delegate) { super(); throw null; }
  protected final java.util.List<dev.showo2.tensor.Tensor> velocityEach(java.util.List<dev.showo2.stage.FlowHeadRequest> requests) { throw null; }
  public dev.showo2.stage.KvCache newCache(dev.showo2.stage.CacheRequest request) { throw null; }
  public void append(dev.showo2.stage.FlowHeadRequest request) { throw null; }
  public dev.showo2.tensor.Tensor velocity(dev.showo2.stage.FlowHeadRequest request) { throw null; }
  public java.util.List<dev.showo2.tensor.Tensor> velocityAll(java.util.List<dev.showo2.stage.FlowHeadRequest> requests) { throw null; }
  public String toString() { throw null; }
}
