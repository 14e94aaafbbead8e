package dev.showo2.demo.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apiguardian.api.API;

/** How often questions about videos get the true answer, word for word. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class AnswerScores {

  private final List<String> misses = new ArrayList<>();
  private int count;

  /**
   * Judges an answer, given without special tokens.
   *
   * @param question the question
   * @param answer the answer, without special tokens
   */
  public void add(VideoQuestion question, String answer) {
    count++;
    if (!answer.equals(question.answer())) {
      misses.add(question.question() + " expected: " + question.answer() + " answered: " + answer);
    }
  }

  /** {@return the share of true answers, from 0 to 1} */
  public double right() {
    return (count - misses.size()) / (double) count;
  }

  /** {@return a line for each wrong answer} */
  public List<String> misses() {
    return List.copyOf(misses);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.1f %% of %d answers right", 100 * right(), count);
  }
}
