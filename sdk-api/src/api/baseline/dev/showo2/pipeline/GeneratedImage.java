package dev.showo2.pipeline;

public record GeneratedImage(java.awt.image.BufferedImage image, dev.showo2.tensor.HostTensor latents, long seed, dev.showo2.media.PngText settings) {
  public byte[] toPng() { throw null; }
  public void savePng(java.nio.file.Path file) { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
