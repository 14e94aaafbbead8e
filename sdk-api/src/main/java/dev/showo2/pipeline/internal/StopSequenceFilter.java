package dev.showo2.pipeline.internal;

import dev.showo2.text.TextTokenizer;
import dev.showo2.text.internal.TextStream;
import java.util.List;

/**
 * What may be shown of a text while its tokens come: whole characters, and nothing of a stop
 * sequence. Text that may turn out to begin one is held back until it is certain.
 */
final class StopSequenceFilter {

  private final TextStream stream;
  private final List<String> stopSequences;
  private final StringBuilder shown = new StringBuilder();
  private String held = "";
  private boolean stopped;

  StopSequenceFilter(TextTokenizer tokenizer, List<String> stopSequences) {
    this.stream = new TextStream(tokenizer);
    this.stopSequences = stopSequences;
  }

  /**
   * @return what has become certain, often empty
   */
  String append(int id) {
    return show(stream.append(id));
  }

  /** What was still held back, bytes that never became a character included. */
  String finish() {
    String rest = show(stream.finish());
    String last = held;
    held = "";
    shown.append(last);
    return rest + last;
  }

  /** Whether a stop sequence has come; the text ends before it. */
  boolean stopped() {
    return stopped;
  }

  /** All that was shown. */
  @Override
  public String toString() {
    return shown.toString();
  }

  private String show(String piece) {
    held += piece;
    int first =
        stopSequences.stream().mapToInt(held::indexOf).filter(at -> at >= 0).min().orElse(-1);
    stopped |= first >= 0;
    int end = stopped ? Math.max(first, 0) : held.length() - possibleBeginning();
    String certain = held.substring(0, end);
    held = stopped ? "" : held.substring(end);
    shown.append(certain);
    return certain;
  }

  /** Characters at the end that a stop sequence begins with. */
  private int possibleBeginning() {
    int longest = 0;
    for (String sequence : stopSequences) {
      for (int length = Math.min(sequence.length() - 1, held.length());
          length > longest;
          length--) {
        if (sequence.startsWith(held.substring(held.length() - length))) {
          longest = length;
        }
      }
    }
    return longest;
  }
}
