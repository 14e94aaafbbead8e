package dev.showo2.text.internal;

import dev.showo2.text.TextTokenizer;
import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Decodes ids one by one, as they are generated. A character whose bytes are spread over several
 * tokens is buffered until it is complete; all parts together equal the result of {@link
 * TextTokenizer#decode} for all ids with special tokens skipped.
 *
 * <p>Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TextStream {

  private static final String REPLACEMENT = "\ufffd";

  private final TextTokenizer tokenizer;
  // Tokens whose last character may still be incomplete, and the length of their returned text.
  private int[] pending = {};
  private String pendingText = "";
  private int released;

  /**
   * Starts an empty stream.
   *
   * @param tokenizer of the model; not closed
   */
  public TextStream(TextTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Decodes the next id.
   *
   * @param id of a token
   * @return the text that has become complete, often empty
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
      // The new bytes complete no pending ones (that always makes the text shorter), so the pending
      // text is final: bytes that never form a character do not accumulate.
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

  /** {@return the buffered text; the stream is empty again afterwards} */
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
