package dev.showo2.spi.support;

public final class Closer implements AutoCloseable {
  public Closer() { super(); throw null; }
  public <T extends AutoCloseable> T add(T resource) { throw null; }
  public <T extends AutoCloseable> java.util.List<T> addAll(java.util.List<T> several) { throw null; }
  public void keepAll() { throw null; }
  public void close() { throw null; }
  public static void closeAfter(Throwable failure, AutoCloseable resource) { throw null; }
}
