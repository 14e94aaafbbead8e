package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.ImageArguments;
import dev.showo2.pipeline.internal.PromptEncoder;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A question on one or several images. Immutable.
 *
 * @param images at least one, in the order in which the model sees them, of any size; the middle of
 *     each is what the model sees. Not copied; nobody may draw on them while the request is served
 * @param question in English or Chinese, up to 4096 tokens
 * @param options how the answer is written; the latents of the first image are drawn with its seed,
 *     those of the next ones with the seeds that follow
 * @param latentChoice how latents are taken from the encoder's distribution
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ImageUnderstandingRequest(
    List<BufferedImage> images, String question, TextOptions options, LatentChoice latentChoice) {

  /**
   * @throws InvalidRequestException if there is no image, or no question
   */
  public ImageUnderstandingRequest {
    images = ImageArguments.require("image", images);
    PromptEncoder.requirePresent("question", question);
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(latentChoice, "latentChoice");
  }

  /** Greedy decoding, latents sampled with seed 0, at most 300 tokens. */
  public static ImageUnderstandingRequest of(BufferedImage image, String question) {
    return builder(image, question).build();
  }

  /** A question on one image. */
  public static Builder builder(BufferedImage image, String question) {
    return builder(ImageArguments.single(image), question);
  }

  /** A question on several images. */
  public static Builder builder(List<BufferedImage> images, String question) {
    return new Builder(images, question);
  }

  /** Collects what an {@link ImageUnderstandingRequest} is made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder extends TextRequestBuilder<Builder> {

    private final List<BufferedImage> images;
    private final String question;
    private LatentChoice latentChoice = LatentChoice.SAMPLE;

    private Builder(List<BufferedImage> images, String question) {
      this.images = images;
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
     * @throws InvalidRequestException if a setting is out of its range, or if there is no image or
     *     question
     */
    public ImageUnderstandingRequest build() {
      return new ImageUnderstandingRequest(images, question, textOptions(), latentChoice);
    }
  }
}
