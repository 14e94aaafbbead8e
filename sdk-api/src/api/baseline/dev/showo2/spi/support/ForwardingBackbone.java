package dev.showo2.spi.support;

public abstract class ForwardingBackbone implements dev.showo2.stage.Backbone {
  protected final dev.showo2.stage.Backbone delegate = null;
  protected ForwardingBackbone(dev.showo2.stage.Backbone delegate) { super(); throw null; }
  protected final java.util.List<dev.showo2.tensor.Tensor> evaluateEach(java.util.List<dev.showo2.stage.BackboneRequest> requests) { throw null; }
  public dev.showo2.stage.KvCache newCache(dev.showo2.stage.CacheRequest request) { throw null; }
  public dev.showo2.tensor.Tensor append(dev.showo2.stage.BackboneRequest request) { throw null; }
  public dev.showo2.tensor.Tensor evaluate(dev.showo2.stage.BackboneRequest request) { throw null; }
  public java.util.List<dev.showo2.tensor.Tensor> evaluateAll(java.util.List<dev.showo2.stage.BackboneRequest> requests) { throw null; }
  public String toString() { throw null; }
}
