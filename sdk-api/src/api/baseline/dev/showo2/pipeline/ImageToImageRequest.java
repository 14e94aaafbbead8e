package dev.showo2.pipeline;

public final class ImageToImageRequest {
  public static final float DEFAULT_STRENGTH = 0.75f;
  ImageToImageRequest() { super(); throw null; }
  public static ImageToImageRequest of(java.awt.image.BufferedImage image, String prompt) { throw null; }
  public static ImageToImageRequest.Builder builder(java.awt.image.BufferedImage image, String prompt) { throw null; }
  public static ImageToImageRequest.Builder outpainting(dev.showo2.media.Outpainting outpainting, String prompt) { throw null; }
  public ImageToImageRequest.Builder toBuilder() { throw null; }
  public java.awt.image.BufferedImage image() { throw null; }
  public String prompt() { throw null; }
  public float strength() { throw null; }
  public java.util.Optional<java.awt.image.BufferedImage> mask() { throw null; }
  public FlowOptions options() { throw null; }
  public java.util.OptionalInt width() { throw null; }
  public java.util.OptionalInt height() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder extends FlowRequestBuilder<ImageToImageRequest.Builder> {
    Builder() { throw null; }
    public ImageToImageRequest.Builder strength(float strength) { throw null; }
    public ImageToImageRequest.Builder mask(java.awt.image.BufferedImage mask) { throw null; }
    public ImageToImageRequest.Builder size(int width, int height) { throw null; }
    public ImageToImageRequest.Builder width(int width) { throw null; }
    public ImageToImageRequest.Builder height(int height) { throw null; }
    public ImageToImageRequest build() { throw null; }
  }
}
