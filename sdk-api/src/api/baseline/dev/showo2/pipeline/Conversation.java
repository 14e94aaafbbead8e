package dev.showo2.pipeline;

public final class Conversation implements AutoCloseable {
  Conversation() { super(); throw null; }
  public void add(java.awt.image.BufferedImage image) { throw null; }
  public GeneratedText ask(String question) { throw null; }
  public GeneratedText ask(String question, TextOptions options, GenerationListener listener) { throw null; }
  public java.util.concurrent.CompletableFuture<GeneratedText> askAsync(String question, TextOptions options, GenerationListener listener) { throw null; }
  public void close() { throw null; }
}
