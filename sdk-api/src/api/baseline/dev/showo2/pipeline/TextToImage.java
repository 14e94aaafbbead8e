package dev.showo2.pipeline;

public final class TextToImage {
  public TextToImage(dev.showo2.pipeline.internal.LoadedModel model) { super(); throw null; }
  public GeneratedImage generate(String prompt) { throw null; }
  public GeneratedImage generate(TextToImageRequest request) { throw null; }
  public GeneratedImage generate(TextToImageRequest request, GenerationListener listener) { throw null; }
  public java.util.List<GeneratedImage> generateAll(java.util.List<TextToImageRequest> requests, GenerationListener listener) { throw null; }
  public java.util.concurrent.CompletableFuture<GeneratedImage> generateAsync(TextToImageRequest request, GenerationListener listener) { throw null; }
  public java.util.concurrent.CompletableFuture<java.util.List<GeneratedImage>> generateAllAsync(java.util.List<TextToImageRequest> requests, GenerationListener listener) { throw null; }
  public java.awt.image.BufferedImage decode(dev.showo2.tensor.HostTensor latents) { throw null; }
}
