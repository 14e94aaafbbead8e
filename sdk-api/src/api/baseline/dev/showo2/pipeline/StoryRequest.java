package dev.showo2.pipeline;

public final class StoryRequest {
  public static final int DEFAULT_MAX_IMAGES = 4;
  public static final float DEFAULT_LATER_GUIDANCE_SCALE = 5.0f;
  public static final TextOptions DEFAULT_TEXT = null;
  public static final int MOST_IMAGES = 64;
  StoryRequest() { super(); throw null; }
  public static StoryRequest of(String prompt) { throw null; }
  public static StoryRequest.Builder builder(String prompt) { throw null; }
  public StoryRequest.Builder toBuilder() { throw null; }
  public String prompt() { throw null; }
  public int maxImages() { throw null; }
  public float laterGuidanceScale() { throw null; }
  public TextOptions text() { throw null; }
  public FlowOptions options() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder extends FlowRequestBuilder<StoryRequest.Builder> {
    Builder() { throw null; }
    public StoryRequest.Builder maxImages(int maxImages) { throw null; }
    public StoryRequest.Builder laterGuidanceScale(float laterGuidanceScale) { throw null; }
    public StoryRequest.Builder text(TextOptions text) { throw null; }
    public StoryRequest build() { throw null; }
  }
}
