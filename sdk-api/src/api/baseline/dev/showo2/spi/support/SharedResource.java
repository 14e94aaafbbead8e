package dev.showo2.spi.support;

public abstract class SharedResource implements AutoCloseable {
  protected SharedResource(BackendLifetime lifetime) { super(); throw null; }
  protected abstract void release();
  public final void share() { throw null; }
  public final void close() { throw null; }
}
