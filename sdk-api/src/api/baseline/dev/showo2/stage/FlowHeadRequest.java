package dev.showo2.stage;

public record FlowHeadRequest(KvCache cache, dev.showo2.tensor.Tensor hidden, Attention attention, java.util.Optional<dev.showo2.tensor.Tensor> time) {
  public static FlowHeadRequest text(KvCache cache, dev.showo2.tensor.Tensor hidden) { throw null; }
  public static FlowHeadRequest span(KvCache cache, dev.showo2.tensor.Tensor hidden, dev.showo2.tensor.Tensor time) { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
