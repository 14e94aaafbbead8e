package dev.showo2.stage;

public record TimeFeatures(dev.showo2.tensor.Tensor vector, dev.showo2.tensor.Tensor token) implements AutoCloseable {
  public void close() { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
