package dev.showo2.pipeline;

public final class ImageToVideoRequest {
  ImageToVideoRequest() { super(); throw null; }
  public static ImageToVideoRequest of(java.awt.image.BufferedImage image, String prompt) { throw null; }
  public static ImageToVideoRequest.Builder builder(java.awt.image.BufferedImage image, String prompt) { throw null; }
  public ImageToVideoRequest.Builder toBuilder() { throw null; }
  public java.awt.image.BufferedImage image() { throw null; }
  public String prompt() { throw null; }
  public FlowOptions options() { throw null; }
  public java.util.OptionalInt latentFrames() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder extends FlowRequestBuilder<ImageToVideoRequest.Builder> {
    Builder() { throw null; }
    public ImageToVideoRequest.Builder latentFrames(int latentFrames) { throw null; }
    public ImageToVideoRequest build() { throw null; }
  }
}
