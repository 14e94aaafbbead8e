package dev.showo2.pipeline;

public record FinishedImage(int index, java.awt.image.BufferedImage image, dev.showo2.tensor.HostTensor latents) {
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
