package dev.showo2.spi.support;

public abstract class ForwardingKvCache implements dev.showo2.stage.KvCache {
  protected final dev.showo2.stage.KvCache delegate = null;
  protected ForwardingKvCache(dev.showo2.stage.KvCache delegate) { super(); throw null; }
  public static dev.showo2.stage.KvCache delegateOf(dev.showo2.stage.KvCache cache) { throw null; }
  public int length() { throw null; }
  public int batch() { throw null; }
  public dev.showo2.stage.KvCache fork() { throw null; }
  public void truncate(int length) { throw null; }
  public void close() { throw null; }
  public String toString() { throw null; }
}
