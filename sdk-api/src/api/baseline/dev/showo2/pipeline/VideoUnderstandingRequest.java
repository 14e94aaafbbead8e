package dev.showo2.pipeline;

public final class VideoUnderstandingRequest {
  public static final int DEFAULT_FRAME_COUNT = 32;
  VideoUnderstandingRequest() { super(); throw null; }
  public static VideoUnderstandingRequest of(java.util.List<java.awt.image.BufferedImage> frames, String question) { throw null; }
  public static VideoUnderstandingRequest.Builder builder(java.util.List<java.awt.image.BufferedImage> frames, String question) { throw null; }
  public VideoUnderstandingRequest.Builder toBuilder() { throw null; }
  public java.util.List<java.awt.image.BufferedImage> frames() { throw null; }
  public String question() { throw null; }
  public int frameCount() { throw null; }
  public TextOptions options() { throw null; }
  public LatentChoice latentChoice() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder extends TextRequestBuilder<VideoUnderstandingRequest.Builder> {
    Builder() { throw null; }
    public VideoUnderstandingRequest.Builder frameCount(int frameCount) { throw null; }
    public VideoUnderstandingRequest.Builder latentChoice(LatentChoice latentChoice) { throw null; }
    public VideoUnderstandingRequest build() { throw null; }
  }
}
