package dev.showo2.pipeline;

public final class ImageUnderstandingRequest {
  ImageUnderstandingRequest() { super(); throw null; }
  public static ImageUnderstandingRequest of(java.awt.image.BufferedImage image, String question) { throw null; }
  public static ImageUnderstandingRequest.Builder builder(java.awt.image.BufferedImage image, String question) { throw null; }
  public static ImageUnderstandingRequest.Builder builder(java.util.List<java.awt.image.BufferedImage> images, String question) { throw null; }
  public ImageUnderstandingRequest.Builder toBuilder() { throw null; }
  public java.util.List<java.awt.image.BufferedImage> images() { throw null; }
  public String question() { throw null; }
  public TextOptions options() { throw null; }
  public LatentChoice latentChoice() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder extends TextRequestBuilder<ImageUnderstandingRequest.Builder> {
    Builder() { throw null; }
    public ImageUnderstandingRequest.Builder latentChoice(LatentChoice latentChoice) { throw null; }
    public ImageUnderstandingRequest build() { throw null; }
  }
}
