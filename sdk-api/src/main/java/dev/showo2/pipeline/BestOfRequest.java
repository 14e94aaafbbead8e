package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * ImageArguments to be drawn of which the best is wanted. Immutable.
 *
 * @param image what to draw; its seed is the first candidate's, the others count on from it
 * @param candidates how many are drawn, 2 to {@value #MOST_CANDIDATES}
 * @param judgment how they are judged
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BestOfRequest(TextToImageRequest image, int candidates, ScoringPrompt judgment) {

  /** Bounds what is kept: all candidates are in the result. */
  public static final int MOST_CANDIDATES = 256;

  /**
   * @throws InvalidRequestException if the count is out of its range, or the image brings initial
   *     latents, which would make all candidates the same
   */
  public BestOfRequest {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(judgment, "judgment");
    if (candidates < 2 || candidates > MOST_CANDIDATES) {
      throw new InvalidRequestException(
          "candidates: 2 to " + MOST_CANDIDATES + " are needed, found " + candidates);
    }
    if (image.options().initialLatents().isPresent()) {
      throw new InvalidRequestException(
          "initial latents: candidates that start from the same would be the same; leave them out");
    }
    if (image.prompt().isEmpty()) {
      throw new InvalidRequestException(
          "prompt: text is needed to judge images by, found an empty one");
    }
  }

  /** Judged by {@link ScoringPrompt#DEFAULT}. */
  public static BestOfRequest of(TextToImageRequest image, int candidates) {
    return new BestOfRequest(image, candidates, ScoringPrompt.DEFAULT);
  }
}
