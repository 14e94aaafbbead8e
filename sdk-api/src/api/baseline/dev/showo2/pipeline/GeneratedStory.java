package dev.showo2.pipeline;

public record GeneratedStory(java.util.List<StoryPart> parts, GeneratedStory.Finish finish, long seed) {
  public java.util.List<String> texts() { throw null; }
  public java.util.List<GeneratedImage> images() { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
  public static enum Finish {
    COMPLETE, IMAGE_LIMIT, TEXT_LIMIT;
  }
}
