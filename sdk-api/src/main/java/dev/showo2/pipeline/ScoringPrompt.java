package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.AnswerScorer;
import dev.showo2.pipeline.internal.LoadedModel;
import java.util.List;
import org.apiguardian.api.API;

/**
 * How the model judges an image: the mean log-probability of an answer's tokens after a question on
 * it.
 *
 * @param question may hold {@value #PROMPT}, which the image's prompt takes the place of
 * @param answer likewise; not empty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ScoringPrompt(String question, String answer) {

  /** Where the prompt comes. */
  public static final String PROMPT = "{prompt}";

  /** How likely the prompt is as the answer to "What is in the image?". */
  public static final ScoringPrompt DEFAULT = promptAsAnswer("What is in the image?");

  /**
   * @throws InvalidRequestException if one is missing or the answer is empty
   */
  public ScoringPrompt {
    if (question == null || answer == null || answer.isEmpty()) {
      throw new InvalidRequestException(
          "judgment: a question and an answer are needed, found question "
              + question
              + ", answer "
              + answer);
    }
  }

  /** How likely the prompt is as an answer. */
  public static ScoringPrompt promptAsAnswer(String question) {
    return new ScoringPrompt(question, PROMPT);
  }

  /**
   * How likely "yes" is as an answer.
   *
   * @param question such as "Does the image show {prompt}?"
   */
  public static ScoringPrompt yes(String question) {
    return new ScoringPrompt(question, "yes");
  }

  /** The scorer for a prompt. */
  AnswerScorer scorer(LoadedModel model, String prompt) {
    return AnswerScorer.of(
        model, question.replace(PROMPT, prompt), List.of(answer.replace(PROMPT, prompt)));
  }
}
