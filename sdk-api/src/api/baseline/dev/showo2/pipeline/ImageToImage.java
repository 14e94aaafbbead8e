package dev.showo2.pipeline;

public final class ImageToImage {
  public ImageToImage(dev.showo2.pipeline.internal.LoadedModel model) { super(); throw null; }
  public GeneratedImage generate(ImageToImageRequest request) { throw null; }
  public GeneratedImage generate(ImageToImageRequest request, GenerationListener listener) { throw null; }
  public java.util.concurrent.CompletableFuture<GeneratedImage> generateAsync(ImageToImageRequest request, GenerationListener listener) { throw null; }
}
