package dev.showo2.pipeline;

public sealed interface StoryPart permits StoryPart.Text, StoryPart.Image {
  public static record Text(GeneratedText text) implements StoryPart {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
  public static record Image(GeneratedImage image) implements StoryPart {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
}
