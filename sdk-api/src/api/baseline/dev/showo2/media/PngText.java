package dev.showo2.media;

public record PngText(java.util.Map<String, String> entries) {
  public static final PngText NONE = null;
  public PngText with(String keyword, String value) { throw null; }
  public static PngText read(java.nio.file.Path file) { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
