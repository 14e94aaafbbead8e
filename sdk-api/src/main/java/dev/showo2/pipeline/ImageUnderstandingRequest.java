package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A question on a picture. Immutable.
 *
 * @param image of any size; its middle is what the model sees. Not copied; nobody may draw on it
 *     while the request is served
 * @param question in English or Chinese, up to 4096 tokens
 * @param options how the answer is written
 * @param latentChoice how latents are taken from the encoder's distribution
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ImageUnderstandingRequest(
    BufferedImage image, String question, TextOptions options, LatentChoice latentChoice) {

  /**
   * @throws InvalidRequestException if there is no picture, or no question
   */
  public ImageUnderstandingRequest {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(latentChoice, "latentChoice");
    if (image == null) {
      throw new InvalidRequestException(
          "image: a picture is needed, found null; ImageIO.read gives null for files that are none");
    }
    Questions.requirePresent(question);
  }

  /** Greedy decoding, latents sampled with seed 0, at most 300 tokens. */
  public static ImageUnderstandingRequest of(BufferedImage image, String question) {
    return builder(image, question).build();
  }

  public static Builder builder(BufferedImage image, String question) {
    return new Builder(image, question);
  }

  /** Collects what an {@link ImageUnderstandingRequest} is made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder extends TextRequestBuilder<Builder> {

    private final BufferedImage image;
    private final String question;
    private LatentChoice latentChoice = LatentChoice.SAMPLE;

    private Builder(BufferedImage image, String question) {
      this.image = image;
      this.question = question;
    }

    @Override
    Builder self() {
      return this;
    }

    public Builder latentChoice(LatentChoice latentChoice) {
      this.latentChoice = latentChoice;
      return this;
    }

    /**
     * @throws InvalidRequestException if a setting is out of its range
     */
    public ImageUnderstandingRequest build() {
      return new ImageUnderstandingRequest(image, question, textOptions(), latentChoice);
    }
  }
}
