package dev.showo2.pipeline;

public record ScoredImage(GeneratedImage image, double score) {
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
