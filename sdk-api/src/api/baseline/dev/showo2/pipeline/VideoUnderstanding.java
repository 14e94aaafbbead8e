package dev.showo2.pipeline;

public final class VideoUnderstanding {
  public VideoUnderstanding(dev.showo2.pipeline.internal.LoadedModel model) { super(); throw null; }
  public GeneratedText ask(java.util.List<java.awt.image.BufferedImage> frames, String question) { throw null; }
  public GeneratedText ask(VideoUnderstandingRequest request, GenerationListener listener) { throw null; }
  public java.util.concurrent.CompletableFuture<GeneratedText> askAsync(VideoUnderstandingRequest request, GenerationListener listener) { throw null; }
  public Conversation open(java.util.List<java.awt.image.BufferedImage> frames) { throw null; }
  public Conversation open(java.util.List<java.awt.image.BufferedImage> frames, int frameCount, ConversationOptions options) { throw null; }
}
