package dev.showo2.pipeline;

import org.apiguardian.api.API;

/**
 * A text that was generated.
 *
 * @param text without special tokens
 * @param ids all token ids, the one that ended it included
 * @param finish why it ended
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@SuppressWarnings("ArrayRecordComponent")
public record GeneratedText(String text, int[] ids, Finish finish) {

  /** Why a text ended. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum Finish {
    /** The model ended it. */
    STOP_TOKEN,
    /** It reached the limit of tokens. */
    MAX_TOKENS
  }
}
