package dev.showo2.model;

public record TensorInfo(String name, dev.showo2.tensor.ElementType type, dev.showo2.tensor.Shape shape, long offset, long byteLength) {
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
