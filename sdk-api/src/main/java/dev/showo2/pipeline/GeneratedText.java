package dev.showo2.pipeline;

import java.util.Arrays;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A text that the model wrote.
 *
 * @param text without special tokens and without the token or stop sequence that ended it
 * @param ids all token ids, those that ended it included; copied
 * @param finish why it ended
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
@SuppressWarnings("ArrayRecordComponent") // copied, and compared by content
public record GeneratedText(String text, int[] ids, Finish finish) {

  /** Reason for which a text ended. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public enum Finish {
    /** The model ended it. */
    STOP_TOKEN,
    /** It came to one of the request's stop sequences. */
    STOP_SEQUENCE,
    /** It reached the limit of tokens. */
    MAX_TOKENS
  }

  /**
   * Copies the ids.
   *
   * @param text the answer without special tokens
   * @param ids the token ids of the answer
   * @param finish the reason why the answer ended
   */
  public GeneratedText {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(finish, "finish");
    ids = ids.clone();
  }

  /** {@return all token ids, in a new array} */
  @Override
  public int[] ids() {
    return ids.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GeneratedText generated
        && text.equals(generated.text)
        && finish == generated.finish
        && Arrays.equals(ids, generated.ids);
  }

  @Override
  public int hashCode() {
    return Objects.hash(text, finish, Arrays.hashCode(ids));
  }

  @Override
  public String toString() {
    return "GeneratedText[" + text + ", " + ids.length + " tokens, " + finish + "]";
  }
}
