package dev.showo2.pipeline;

public record GeneratedToken(int index, int id, String text) {
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
