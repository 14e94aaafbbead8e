package dev.showo2.pipeline;

public final class TextToImage {
  public TextToImage(dev.showo2.pipeline.internal.LoadedModel model) { super(); throw null; }
  public GeneratedImage generate(TextToImageRequest request) { throw null; }
  public GeneratedImage generate(TextToImageRequest request, GenerationListener listener) { throw null; }
  public java.util.List<GeneratedImage> generateAll(java.util.List<TextToImageRequest> requests, GenerationListener listener) { throw null; }
  public java.awt.image.BufferedImage finish(dev.showo2.tensor.HostTensor latents, dev.showo2.pipeline.internal.RequestContext run, int index) { throw null; }
  public java.awt.image.BufferedImage decode(dev.showo2.tensor.HostTensor latents) { throw null; }
}
