package dev.showo2.pipeline;

public final class TextToImageRequest {
  TextToImageRequest() { super(); throw null; }
  public static TextToImageRequest of(String prompt) { throw null; }
  public static TextToImageRequest.Builder builder(String prompt) { throw null; }
  public TextToImageRequest.Builder toBuilder() { throw null; }
  public java.util.List<TextToImageRequest> images(int count) { throw null; }
  public String prompt() { throw null; }
  public FlowOptions options() { throw null; }
  public java.util.OptionalInt width() { throw null; }
  public java.util.OptionalInt height() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder extends FlowRequestBuilder<TextToImageRequest.Builder> {
    Builder() { throw null; }
    public TextToImageRequest.Builder size(int width, int height) { throw null; }
    public TextToImageRequest.Builder width(int width) { throw null; }
    public TextToImageRequest.Builder height(int height) { throw null; }
    public TextToImageRequest build() { throw null; }
  }
}
