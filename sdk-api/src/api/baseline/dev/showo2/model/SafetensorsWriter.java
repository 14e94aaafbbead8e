package dev.showo2.model;

public final class SafetensorsWriter implements java.io.Closeable {
  SafetensorsWriter() { super(); throw null; }
  public static SafetensorsWriter create(java.nio.file.Path path, java.util.List<TensorDeclaration> tensors, java.util.Map<String, String> metadata) throws java.io.IOException { throw null; }
  public java.util.Map<String, TensorInfo> layout() { throw null; }
  public void write(String name, TensorSource source) throws java.io.IOException { throw null; }
  public BundleFile finish() throws java.io.IOException { throw null; }
  public void close() throws java.io.IOException { throw null; }
}
