package dev.showo2.spi.support;

public final class DirectBufferPool {
  public DirectBufferPool() { super(); throw null; }
  public DirectBufferPool(java.util.function.IntFunction<java.nio.ByteBuffer> allocator) { super(); throw null; }
  public java.nio.ByteBuffer take(long bytes) { throw null; }
  public static void checkSize(long bytes) { throw null; }
  public void giveBack(java.nio.ByteBuffer buffer) { throw null; }
}
