package dev.showo2.spi.support;

public abstract class AbstractKvCache implements dev.showo2.stage.KvCache {
  protected AbstractKvCache(BackendLifetime lifetime, dev.showo2.stage.Stage stage, int batch, int length) { super(); throw null; }
  public static int requireBatch(int batch) { throw null; }
  protected abstract AbstractKvCache copy();
  protected abstract void cut(int newLength);
  protected abstract void release();
  public final void advance(int positions) { throw null; }
  public final BackendLifetime lifetime() { throw null; }
  public final dev.showo2.stage.Stage stage() { throw null; }
  public final void requireOpen() { throw null; }
  public final int length() { throw null; }
  public final int batch() { throw null; }
  public final dev.showo2.stage.KvCache fork() { throw null; }
  public final void truncate(int newLength) { throw null; }
  public final void close() { throw null; }
  public String toString() { throw null; }
}
