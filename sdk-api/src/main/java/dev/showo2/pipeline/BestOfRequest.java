package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A request for several images of one prompt that the model ranks.
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class BestOfRequest {

  /** The most candidates. It bounds memory: all of them are in the result. */
  public static final int MOST_CANDIDATES = 256;

  private final TextToImageRequest image;
  private final int candidates;
  private final ScoringPrompt judgment;

  private BestOfRequest(Builder builder) {
    image = builder.image;
    candidates = builder.candidates;
    judgment = builder.judgment;
    requireRanges();
  }

  private void requireRanges() {
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

  /**
   * Makes a request whose images are scored with {@link ScoringPrompt#DEFAULT}.
   *
   * @param image as for {@link #builder}
   * @param candidates as for {@link #builder}
   * @return the request
   * @throws InvalidRequestException as {@link Builder#build}
   */
  public static BestOfRequest of(TextToImageRequest image, int candidates) {
    return builder(image, candidates).build();
  }

  /**
   * Begins a request.
   *
   * @param image the image to draw; its seed is the first candidate's, the others count on from it
   * @param candidates how many are drawn, 2 to {@value #MOST_CANDIDATES}; time grows in proportion
   * @return a builder
   */
  public static Builder builder(TextToImageRequest image, int candidates) {
    return new Builder(Objects.requireNonNull(image, "image"), candidates);
  }

  /** {@return a builder with the settings of this request} */
  public Builder toBuilder() {
    return builder(image, candidates).judgment(judgment);
  }

  /** {@return the image to draw} */
  public TextToImageRequest image() {
    return image;
  }

  /** {@return how many candidates are drawn, 2 to {@value #MOST_CANDIDATES}} */
  public int candidates() {
    return candidates;
  }

  /** {@return the question and answer that the candidates are scored with} */
  public ScoringPrompt judgment() {
    return judgment;
  }

  private List<Object> settings() {
    return List.of(image, candidates, judgment);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BestOfRequest request && settings().equals(request.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "BestOfRequest[image="
        + image
        + ", candidates="
        + candidates
        + ", judgment="
        + judgment
        + "]";
  }

  /** Builds a {@link BestOfRequest}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder {

    private final TextToImageRequest image;
    private final int candidates;
    private ScoringPrompt judgment = ScoringPrompt.DEFAULT;

    private Builder(TextToImageRequest image, int candidates) {
      this.image = image;
      this.candidates = candidates;
    }

    /**
     * Sets the question and answer that the candidates are scored with. Default: {@link
     * ScoringPrompt#DEFAULT}.
     *
     * @param judgment question and answer
     * @return this builder
     */
    public Builder judgment(ScoringPrompt judgment) {
      this.judgment = Objects.requireNonNull(judgment, "judgment");
      return this;
    }

    /**
     * Builds the request.
     *
     * @return the request
     * @throws InvalidRequestException if the number of candidates is out of its range, the prompt
     *     is empty, or the image brings initial latents, which would make all candidates the same
     */
    public BestOfRequest build() {
      return new BestOfRequest(this);
    }
  }
}
