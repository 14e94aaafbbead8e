package dev.showo2.text.internal;

public final class ChatTemplate {
  public static final String DEFAULT_SYSTEM = "You are a helpful assistant.";
  public ChatTemplate(dev.showo2.text.TextTokenizer tokenizer) { super(); throw null; }
  public ChatTemplate(dev.showo2.text.TextTokenizer tokenizer, String system) { super(); throw null; }
  public static ChatTemplate plain(dev.showo2.text.TextTokenizer tokenizer, String system) { throw null; }
  public int[] system() { throw null; }
  public int[] user() { throw null; }
  public int[] assistant() { throw null; }
}
