package dev.showo2.spi.support;

public final class HeapTensor implements dev.showo2.tensor.Tensor {
  public HeapTensor(dev.showo2.tensor.HostTensor values) { super(); throw null; }
  public dev.showo2.tensor.Shape shape() { throw null; }
  public dev.showo2.tensor.ElementType elementType() { throw null; }
  public void read(java.nio.FloatBuffer destination) { throw null; }
  public dev.showo2.tensor.HostTensor toHost() { throw null; }
  public void close() { throw null; }
  public String toString() { throw null; }
}
