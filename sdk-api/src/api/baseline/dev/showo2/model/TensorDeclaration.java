package dev.showo2.model;

public record TensorDeclaration(String name, dev.showo2.tensor.ElementType type, dev.showo2.tensor.Shape shape) {
  public long byteLength() { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
