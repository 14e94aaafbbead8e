package dev.showo2.stage;

public record LatentDistribution(dev.showo2.tensor.Tensor mean, dev.showo2.tensor.Tensor logVariance) implements AutoCloseable {
  public void close() { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
