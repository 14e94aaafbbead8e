package dev.showo2.pipeline;

public final class Chat {
  public Chat(dev.showo2.pipeline.internal.LoadedModel model) { super(); throw null; }
  public GeneratedText ask(String question) { throw null; }
  public GeneratedText ask(String question, TextOptions options, GenerationListener listener) { throw null; }
  public java.util.concurrent.CompletableFuture<GeneratedText> askAsync(String question, TextOptions options, GenerationListener listener) { throw null; }
  public Conversation open() { throw null; }
  public Conversation open(ConversationOptions options) { throw null; }
}
