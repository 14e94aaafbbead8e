package dev.showo2.text.internal;

import dev.showo2.text.TextTokenizer;
import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * The fixed texts around a question (SPEC 8), as ids. Every piece is tokenized separately, as in
 * the released code; joined texts would give other tokens.
 *
 * <p>Immutable; the arrays handed out are copies. Thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ChatTemplate {

  /** The system message of the released scripts. */
  public static final String DEFAULT_SYSTEM = "You are a helpful assistant.";

  private static final String END = "<|im_end|>";
  private static final String USER = "\n<|im_start|>user\n";
  private static final String ASSISTANT = "\n<|im_start|>assistant\n";

  private final int[] system;
  private final int[] user;
  private final int[] assistant;

  /**
   * The template with the system message of the released scripts.
   *
   * @param tokenizer of the model
   * @throws IllegalStateException if the tokenizer is closed
   */
  public ChatTemplate(TextTokenizer tokenizer) {
    this(tokenizer, DEFAULT_SYSTEM);
  }

  /**
   * A template with another system message.
   *
   * @param tokenizer of the model
   * @param system the message
   * @throws IllegalStateException if the tokenizer is closed
   */
  public ChatTemplate(TextTokenizer tokenizer, String system) {
    this(tokenizer, tokenizer.encode("system\n" + system + END));
  }

  private ChatTemplate(TextTokenizer tokenizer, int[] system) {
    this.system = system;
    this.user = tokenizer.encode(USER);
    this.assistant = tokenizer.encode(ASSISTANT);
  }

  /**
   * A template whose system message is text throughout, also where tokens are spelled out in it.
   *
   * @param tokenizer of the model
   * @param system the message
   * @return the template
   * @throws IllegalStateException if the tokenizer is closed
   */
  public static ChatTemplate plain(TextTokenizer tokenizer, String system) {
    // Tokens end what is encoded together, so this is what the whole text gives.
    int[] message = tokenizer.encodePlain("system\n" + system);
    int[] ids = Arrays.copyOf(message, message.length + 1);
    ids[message.length] = tokenizer.id(END);
    return new ChatTemplate(tokenizer, ids);
  }

  /** {@return the system message and the end of its turn; without the leading bos} */
  public int[] system() {
    return system.clone();
  }

  /** {@return the beginning of the user's turn} */
  public int[] user() {
    return user.clone();
  }

  /** {@return the beginning of the model's turn} */
  public int[] assistant() {
    return assistant.clone();
  }
}
