package dev.showo2.pipeline;

public final class TextToVideoRequest {
  TextToVideoRequest() { super(); throw null; }
  public static TextToVideoRequest of(String prompt) { throw null; }
  public static TextToVideoRequest.Builder builder(String prompt) { throw null; }
  public TextToVideoRequest.Builder toBuilder() { throw null; }
  public String prompt() { throw null; }
  public FlowOptions options() { throw null; }
  public java.util.OptionalInt latentFrames() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder extends FlowRequestBuilder<TextToVideoRequest.Builder> {
    Builder() { throw null; }
    public TextToVideoRequest.Builder latentFrames(int latentFrames) { throw null; }
    public TextToVideoRequest build() { throw null; }
  }
}
