package dev.showo2.tensor;

public interface Tensor extends AutoCloseable {
  public abstract Shape shape();
  public abstract ElementType elementType();
  public abstract void read(java.nio.FloatBuffer destination);
  public default HostTensor toHost() { throw null; }
  public abstract void close();
}
