package dev.showo2.pipeline;

public record Preview(int imageIndex, int step, java.util.List<java.awt.image.BufferedImage> frames) {
  public java.awt.image.BufferedImage image() { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
