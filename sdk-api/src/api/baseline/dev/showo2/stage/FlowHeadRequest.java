package dev.showo2.stage;

public final class FlowHeadRequest {
  FlowHeadRequest() { super(); throw null; }
  public static FlowHeadRequest of(KvCache cache, dev.showo2.tensor.Tensor hidden, Attention attention, java.util.Optional<dev.showo2.tensor.Tensor> time) { throw null; }
  public static FlowHeadRequest text(KvCache cache, dev.showo2.tensor.Tensor hidden) { throw null; }
  public static FlowHeadRequest span(KvCache cache, dev.showo2.tensor.Tensor hidden, dev.showo2.tensor.Tensor time) { throw null; }
  public KvCache cache() { throw null; }
  public dev.showo2.tensor.Tensor hidden() { throw null; }
  public Attention attention() { throw null; }
  public java.util.Optional<dev.showo2.tensor.Tensor> time() { throw null; }
}
