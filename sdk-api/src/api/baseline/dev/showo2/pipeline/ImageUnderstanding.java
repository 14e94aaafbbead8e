package dev.showo2.pipeline;

public final class ImageUnderstanding {
  public ImageUnderstanding(dev.showo2.pipeline.internal.LoadedModel model) { super(); throw null; }
  public GeneratedText ask(java.awt.image.BufferedImage image, String question) { throw null; }
  public GeneratedText ask(ImageUnderstandingRequest request, GenerationListener listener) { throw null; }
  public java.util.concurrent.CompletableFuture<GeneratedText> askAsync(ImageUnderstandingRequest request, GenerationListener listener) { throw null; }
  public Conversation open(java.util.List<java.awt.image.BufferedImage> images) { throw null; }
  public Conversation open(java.util.List<java.awt.image.BufferedImage> images, ConversationOptions options) { throw null; }
  public java.util.List<dev.showo2.tensor.HostTensor> latents(ImageUnderstandingRequest request) { throw null; }
}
