package dev.showo2.text.internal;

import dev.showo2.text.TextTokenizer;
import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Turns ids into text one by one, as they are generated. A character whose bytes are spread over
 * several tokens is held back until it is whole; all pieces together are exactly what {@link
 * TextTokenizer#decode} gives for all ids with special tokens skipped.
 *
 * <p>For one thread.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TextStream {

  private static final String REPLACEMENT = "\ufffd";

  private final TextTokenizer tokenizer;
  // Tokens whose last character may still be incomplete, and how much of their text is out.
  private int[] pending = {};
  private String pendingText = "";
  private int released;

  public TextStream(TextTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * @return the text that has become certain, often empty
   * @throws IllegalStateException if the tokenizer is closed
   */
  public String append(int id) {
    String alone = tokenizer.decode(new int[] {id}, true);
    if (alone.isEmpty()) {
      return "";
    }
    int[] all = Arrays.copyOf(pending, pending.length + 1);
    all[pending.length] = id;
    String text = tokenizer.decode(all, true);
    StringBuilder certain = new StringBuilder();
    if (text.equals(pendingText + alone)) {
      // The new bytes join no pending ones (joining always makes the text shorter), so what is
      // pending stays as it is: bytes that never make a character do not pile up.
      certain.append(finish());
      all = new int[] {id};
      text = alone;
    }
    int end = text.endsWith(REPLACEMENT) ? text.length() - 1 : text.length();
    certain.append(text, released, end);
    if (end < text.length()) {
      pending = all;
      pendingText = text;
      released = end;
    } else {
      clear();
    }
    return certain.toString();
  }

  /** What was still held back. The stream is then as new. */
  public String finish() {
    String rest = pendingText.substring(released);
    clear();
    return rest;
  }

  private void clear() {
    pending = new int[0];
    pendingText = "";
    released = 0;
  }
}
