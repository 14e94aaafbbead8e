package dev.showo2.text.internal;

import dev.showo2.text.TextTokenizer;
import org.apiguardian.api.API;

/**
 * The fixed texts around a question (SPEC 8), as ids. Every piece is tokenized on its own, as the
 * released code does it; joined texts would be cut into other tokens.
 *
 * <p>Immutable; the arrays handed out are copies. Thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ChatTemplate {

  /** What the system says in the released scripts. */
  public static final String DEFAULT_SYSTEM = "You are a helpful assistant.";

  private static final String USER = "\n<|im_start|>user\n";
  private static final String ASSISTANT = "\n<|im_start|>assistant\n";

  private final int[] system;
  private final int[] user;
  private final int[] assistant;

  /**
   * The template of the released scripts.
   *
   * @throws IllegalStateException if the tokenizer is closed
   */
  public ChatTemplate(TextTokenizer tokenizer) {
    this(tokenizer, DEFAULT_SYSTEM);
  }

  /**
   * A template with another text of the system.
   *
   * @throws IllegalStateException if the tokenizer is closed
   */
  public ChatTemplate(TextTokenizer tokenizer, String system) {
    this.system = tokenizer.encode("system\n" + system + "<|im_end|>");
    this.user = tokenizer.encode(USER);
    this.assistant = tokenizer.encode(ASSISTANT);
  }

  /** What the system says and the end of its turn; bos, which begins it, is not included. */
  public int[] system() {
    return system.clone();
  }

  /** The beginning of the user's turn. */
  public int[] user() {
    return user.clone();
  }

  /** The beginning of the model's turn. */
  public int[] assistant() {
    return assistant.clone();
  }
}
