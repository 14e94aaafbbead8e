package dev.showo2.model;

public final class SafetensorsWriter implements java.io.Closeable {
  SafetensorsWriter() { super(); throw null; }
  public static SafetensorsWriter create(java.nio.file.Path path, java.util.List<SafetensorsWriter.TensorDeclaration> tensors, java.util.Map<String, String> metadata) throws java.io.IOException { throw null; }
  public java.util.Map<String, TensorInfo> layout() { throw null; }
  public void write(String name, SafetensorsWriter.TensorSource source) throws java.io.IOException { throw null; }
  public BundleFile finish() throws java.io.IOException { throw null; }
  public void close() throws java.io.IOException { throw null; }
  public static record TensorDeclaration(String name, dev.showo2.tensor.ElementType type, dev.showo2.tensor.Shape shape) {
    public long byteLength() { throw null; }
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
  public static interface TensorSource {
    public abstract void writeTo(SafetensorsWriter.TensorSink sink) throws java.io.IOException;
  }
  public static interface TensorSink {
    public static final int MAX_CHUNK_BYTES = 1048576;
    public abstract void accept(java.nio.ByteBuffer chunk) throws java.io.IOException;
  }
}
