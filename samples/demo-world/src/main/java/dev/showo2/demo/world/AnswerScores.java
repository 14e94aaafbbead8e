package dev.showo2.demo.world;

import dev.showo2.demo.world.VideoQuestions.VideoQuestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apiguardian.api.API;

/** The share of questions that get the true answer, word for word. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AnswerScores {

  private final List<String> misses = new ArrayList<>();
  private int count;

  /**
   * Judges an answer.
   *
   * @param question the question that was asked
   * @param answer the answer without special tokens
   */
  public void add(VideoQuestion question, String answer) {
    add(question.question(), question.answer(), answer);
  }

  /**
   * Judges an answer.
   *
   * @param question the question that was asked
   * @param answer the answer without special tokens
   */
  public void add(WorldQuestion question, String answer) {
    add(question.text(), question.answer(), answer);
  }

  private void add(String question, String expected, String answer) {
    count++;
    if (!answer.equals(expected)) {
      misses.add(question + " expected: " + expected + " answered: " + answer);
    }
  }

  /**
   * The number of answers judged.
   *
   * @return 0 or more
   */
  public int count() {
    return count;
  }

  /**
   * The share of true answers.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double right() {
    return (count - misses.size()) / (double) count;
  }

  /**
   * The wrong answers.
   *
   * @return a line each
   */
  public List<String> misses() {
    return List.copyOf(misses);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.1f %% of %d answers right", 100 * right(), count);
  }
}
