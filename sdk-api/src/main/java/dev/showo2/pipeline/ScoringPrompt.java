package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.AnswerScorer;
import dev.showo2.pipeline.internal.LoadedModel;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A question on an image and an answer; the image's score is the mean log-probability of the
 * answer's tokens after the question.
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class ScoringPrompt {

  /** The placeholder that the image's prompt replaces in question and answer. */
  public static final String PROMPT = "{prompt}";

  /** The prompt as the answer to "What is in the image?". */
  public static final ScoringPrompt DEFAULT = promptAsAnswer("What is in the image?");

  private final String question;
  private final String answer;

  private ScoringPrompt(String question, String answer) {
    this.question = question;
    this.answer = answer;
  }

  /**
   * Scores by any answer to any question.
   *
   * @param question may hold {@value #PROMPT}
   * @param answer may hold {@value #PROMPT}; not empty
   * @return the scoring prompt
   * @throws InvalidRequestException if one is missing or the answer is empty
   */
  public static ScoringPrompt of(String question, String answer) {
    if (question == null || answer == null || answer.isEmpty()) {
      throw new InvalidRequestException(
          "judgment: a question and an answer are needed, found question "
              + question
              + ", answer "
              + answer);
    }
    return new ScoringPrompt(question, answer);
  }

  /**
   * Scores by the image's prompt as the answer.
   *
   * @param question such as "What is in the image?"
   * @return the scoring prompt
   * @throws InvalidRequestException if there is no question
   */
  public static ScoringPrompt promptAsAnswer(String question) {
    return of(question, PROMPT);
  }

  /**
   * Scores by "yes" as the answer.
   *
   * @param question such as "Does the image show {prompt}?"
   * @return the scoring prompt
   * @throws InvalidRequestException if there is no question
   */
  public static ScoringPrompt yes(String question) {
    return of(question, "yes");
  }

  /** {@return the question; may hold {@value #PROMPT}} */
  public String question() {
    return question;
  }

  /** {@return the answer; may hold {@value #PROMPT}} */
  public String answer() {
    return answer;
  }

  /** The scorer for a prompt. */
  AnswerScorer scorer(LoadedModel model, String prompt) {
    return AnswerScorer.of(
        model, question.replace(PROMPT, prompt), List.of(answer.replace(PROMPT, prompt)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoringPrompt prompt
        && question.equals(prompt.question)
        && answer.equals(prompt.answer);
  }

  @Override
  public int hashCode() {
    return Objects.hash(question, answer);
  }

  @Override
  public String toString() {
    return "ScoringPrompt[question=" + question + ", answer=" + answer + "]";
  }
}
