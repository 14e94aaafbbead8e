package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.InitialLatents;
import dev.showo2.pipeline.internal.PromptEncoder;
import dev.showo2.sampler.TokenSampling;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A request for a story in text and images. A setting that is left open is taken from the model's
 * defaults.
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class StoryRequest {

  /** The number of images that the released script draws at most. */
  public static final int DEFAULT_MAX_IMAGES = 4;

  /** The guidance scale of the released script for all images but the first. */
  public static final float DEFAULT_LATER_GUIDANCE_SCALE = 5;

  /** The settings of the released script for texts: sampled, at most 200 tokens. */
  public static final TextOptions DEFAULT_TEXT =
      TextOptions.builder().maxTokens(200).sampling(TokenSampling.builder().build()).build();

  /** The most images of a story. It bounds memory: each image stays in the model's context. */
  public static final int MOST_IMAGES = 64;

  private final String prompt;
  private final int maxImages;
  private final float laterGuidanceScale;
  private final TextOptions text;
  private final boolean textGiven;
  private final FlowOptions options;

  private StoryRequest(Builder builder) {
    prompt = builder.prompt;
    maxImages = builder.maxImages;
    laterGuidanceScale = builder.laterGuidanceScale;
    textGiven = builder.text.isPresent();
    FlowOptions flow = builder.flowOptions();
    if (textGiven) {
      text = builder.text.get();
      options = flow;
    } else {
      // Chosen here, so that the seed in the result is that of texts and images both.
      long seed = flow.seed().orElseGet(InitialLatents::anySeed);
      text = DEFAULT_TEXT.toBuilder().seed(seed).build();
      options = flow.withSeed(seed);
    }
    PromptEncoder.requirePresent("prompt", prompt);
    requireRanges();
  }

  private void requireRanges() {
    if (maxImages < 1 || maxImages > MOST_IMAGES) {
      throw new InvalidRequestException(
          "max images: 1 to " + MOST_IMAGES + " are needed, found " + maxImages);
    }
    FlowOptions.requireGuidanceScale("later guidance scale", laterGuidanceScale);
    if (options.initialLatents().isPresent()) {
      throw new InvalidRequestException(
          "initial latents: a story has several images, each with noise of its own; leave them"
              + " out, and choose the noise with the seed");
    }
  }

  /**
   * Makes a request with the model's defaults and the settings of the released script.
   *
   * @param prompt as for {@link #builder}
   * @return the request
   * @throws InvalidRequestException if there is no prompt, or it has too many characters
   */
  public static StoryRequest of(String prompt) {
    return builder(prompt).build();
  }

  /**
   * Begins a request with every setting left open.
   *
   * @param prompt what the story is about, in English or Chinese
   * @return a builder
   */
  public static Builder builder(String prompt) {
    return new Builder(prompt);
  }

  /** {@return a builder with prompt and settings of this request} */
  public Builder toBuilder() {
    Builder builder =
        builder(prompt)
            .options(options)
            .maxImages(maxImages)
            .laterGuidanceScale(laterGuidanceScale);
    return textGiven ? builder.text(text) : builder;
  }

  /** {@return the prompt; may be empty} */
  public String prompt() {
    return prompt;
  }

  /**
   * {@return the most images, 1 to {@value #MOST_IMAGES}; the story ends where it wants one more}
   */
  public int maxImages() {
    return maxImages;
  }

  /** {@return the guidance scale of all images but the first, at least 0} */
  public float laterGuidanceScale() {
    return laterGuidanceScale;
  }

  /** {@return the settings of each text between two images} */
  public TextOptions text() {
    return text;
  }

  /** {@return the settings of the images' flows; image k draws its noise from the seed + k} */
  public FlowOptions options() {
    return options;
  }

  private List<Object> settings() {
    return List.of(prompt, maxImages, laterGuidanceScale, text, options);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoryRequest request && settings().equals(request.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "StoryRequest[prompt="
        + prompt
        + ", maxImages="
        + maxImages
        + ", laterGuidanceScale="
        + laterGuidanceScale
        + ", text="
        + text
        + ", options="
        + options
        + "]";
  }

  /** Builds a {@link StoryRequest}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder extends FlowRequestBuilder<Builder> {

    private final String prompt;
    private int maxImages = DEFAULT_MAX_IMAGES;
    private float laterGuidanceScale = DEFAULT_LATER_GUIDANCE_SCALE;
    private Optional<TextOptions> text = Optional.empty();

    private Builder(String prompt) {
      this.prompt = prompt;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets the most images; the story ends where the model wants one more. Default: {@link
     * #DEFAULT_MAX_IMAGES}.
     *
     * @param maxImages 1 to {@value StoryRequest#MOST_IMAGES}
     * @return this builder
     */
    public Builder maxImages(int maxImages) {
      this.maxImages = maxImages;
      return this;
    }

    /**
     * Sets the guidance scale of all images but the first, whose own is {@link #guidanceScale}.
     * Default: {@link #DEFAULT_LATER_GUIDANCE_SCALE}.
     *
     * @param laterGuidanceScale at least 0; 0 and 1 turn guidance off
     * @return this builder
     */
    public Builder laterGuidanceScale(float laterGuidanceScale) {
      this.laterGuidanceScale = laterGuidanceScale;
      return this;
    }

    /**
     * Sets how each text between two images is written. Default: {@link #DEFAULT_TEXT} under the
     * seed of the images, or under one that is chosen for both.
     *
     * @param text the settings, with a seed of their own
     * @return this builder
     */
    public Builder text(TextOptions text) {
      this.text = Optional.of(Objects.requireNonNull(text, "text"));
      return this;
    }

    /**
     * Builds the request.
     *
     * @return the request
     * @throws InvalidRequestException if there is no prompt, a setting is out of its range, or
     *     there are initial latents
     */
    public StoryRequest build() {
      return new StoryRequest(this);
    }
  }
}
