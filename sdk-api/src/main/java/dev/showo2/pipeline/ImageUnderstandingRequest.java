package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.ImageArguments;
import dev.showo2.pipeline.internal.PromptEncoder;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A question on one or several images.
 *
 * <p>Immutable and thread-safe as long as nobody writes to its images.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class ImageUnderstandingRequest {

  private final List<BufferedImage> images;
  private final String question;
  private final TextOptions options;
  private final LatentChoice latentChoice;

  private ImageUnderstandingRequest(Builder builder) {
    images = ImageArguments.require("image", builder.images);
    question = builder.question;
    options = builder.textOptions();
    latentChoice = builder.latentChoice;
    PromptEncoder.requirePresent("question", question);
  }

  /**
   * Makes a request with greedy decoding, latents sampled with seed 0 and at most 300 tokens.
   *
   * @param image as for {@link #builder(List, String)}
   * @param question as for {@link #builder(List, String)}
   * @return the request
   * @throws InvalidRequestException if there is no image or no question
   */
  public static ImageUnderstandingRequest of(BufferedImage image, String question) {
    return builder(image, question).build();
  }

  /**
   * Begins a question on one image.
   *
   * @param image as for {@link #builder(List, String)}
   * @param question as for {@link #builder(List, String)}
   * @return a builder
   */
  public static Builder builder(BufferedImage image, String question) {
    return builder(ImageArguments.single(image), question);
  }

  /**
   * Begins a question on several images.
   *
   * @param images at least one, in the order in which the model sees them, of any size; the middle
   *     of each is what the model sees. Not copied; not to be written to while the request is
   *     served
   * @param question in English or Chinese, up to 4096 tokens
   * @return a builder
   */
  public static Builder builder(List<BufferedImage> images, String question) {
    return new Builder(images, question);
  }

  /** {@return a builder with images, question and settings of this request} */
  public Builder toBuilder() {
    return builder(images, question).options(options).latentChoice(latentChoice);
  }

  /** {@return the images as an immutable list} */
  public List<BufferedImage> images() {
    return images;
  }

  /** {@return the question} */
  public String question() {
    return question;
  }

  /**
   * Returns the settings of the answer. The latents of the first image are drawn with their seed,
   * those of each later image with the next one.
   *
   * @return the settings
   */
  public TextOptions options() {
    return options;
  }

  /** {@return how latents are taken from the encoder's distribution} */
  public LatentChoice latentChoice() {
    return latentChoice;
  }

  private List<Object> settings() {
    return List.of(images, question, options, latentChoice);
  }

  /** Compares settings by value and images by identity. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ImageUnderstandingRequest request
        && settings().equals(request.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "ImageUnderstandingRequest["
        + images.size()
        + (images.size() == 1 ? " image" : " images")
        + ", question="
        + question
        + ", options="
        + options
        + ", latentChoice="
        + latentChoice
        + "]";
  }

  /** Builds an {@link ImageUnderstandingRequest}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
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

    /**
     * Sets how latents are taken from the encoder's distribution. Default: {@link
     * LatentChoice#SAMPLE}, as in the released code.
     *
     * @param latentChoice sampled with the seed, or the mean
     * @return this builder
     */
    public Builder latentChoice(LatentChoice latentChoice) {
      this.latentChoice = Objects.requireNonNull(latentChoice, "latentChoice");
      return this;
    }

    /**
     * Builds the request.
     *
     * @return the request
     * @throws InvalidRequestException if a setting is out of its range, or there is no image or no
     *     question
     */
    public ImageUnderstandingRequest build() {
      return new ImageUnderstandingRequest(this);
    }
  }
}
