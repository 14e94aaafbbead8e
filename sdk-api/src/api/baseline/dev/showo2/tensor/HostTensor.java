package dev.showo2.tensor;

public record HostTensor(Shape shape, float[] values) {
  public static HostTensor zeros(Shape shape) { throw null; }
  public HostTensor reshape(long... dimensions) { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
}
