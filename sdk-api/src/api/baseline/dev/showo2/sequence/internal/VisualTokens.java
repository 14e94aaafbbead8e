package dev.showo2.sequence.internal;

public record VisualTokens(int pieces, int pieceLength, int span) {
  public static VisualTokens image(int imageTokens) { throw null; }
  public static VisualTokens video(int frames, int frameTokens, int imageTokens) { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
