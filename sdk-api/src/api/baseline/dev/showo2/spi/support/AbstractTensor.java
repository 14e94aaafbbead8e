package dev.showo2.spi.support;

public abstract class AbstractTensor implements dev.showo2.tensor.Tensor {
  protected AbstractTensor(BackendLifetime lifetime, dev.showo2.tensor.Shape shape) { super(); throw null; }
  protected abstract void copyTo(java.nio.FloatBuffer destination);
  protected abstract void release();
  public final BackendLifetime lifetime() { throw null; }
  public final void requireOpen() { throw null; }
  public final dev.showo2.tensor.Shape shape() { throw null; }
  public dev.showo2.tensor.ElementType elementType() { throw null; }
  public final void read(java.nio.FloatBuffer destination) { throw null; }
  public final void close() { throw null; }
  public String toString() { throw null; }
}
