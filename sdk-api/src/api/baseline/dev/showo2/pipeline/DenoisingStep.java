package dev.showo2.pipeline;

public record DenoisingStep(int imageIndex, int index, int total, float time, java.time.Duration elapsed, dev.showo2.tensor.HostTensor latents) {
  public java.time.Duration remaining() { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
