package dev.showo2.model;

public final class SafetensorsFile implements AutoCloseable {
  SafetensorsFile() { super(); throw null; }
  public static SafetensorsFile open(java.nio.file.Path path) { throw null; }
  public java.nio.file.Path path() { throw null; }
  public java.util.Map<String, TensorInfo> tensors() { throw null; }
  public java.util.Map<String, String> unreadable() { throw null; }
  public java.util.Map<String, String> metadata() { throw null; }
  public TensorInfo tensor(String name) { throw null; }
  public java.nio.ByteBuffer map(String name) { throw null; }
  public void read(String name, long position, java.nio.ByteBuffer destination) { throw null; }
  public dev.showo2.tensor.HostTensor readFloats(String name) { throw null; }
  public long[] readIntegers(String name) { throw null; }
  public void close() { throw null; }
}
