package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.InitialLatents;
import dev.showo2.pipeline.internal.PromptEncoder;
import dev.showo2.sampler.TokenSampling;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * A story to be told in text and images. What is left open is taken from the model's defaults.
 * Immutable.
 *
 * @param prompt what to tell, in English or Chinese
 * @param maxImages the story ends where it wants one more, 1 to {@value #MOST_IMAGES}
 * @param laterGuidanceScale guidance scale of all images but the first, whose own is in the
 *     options; at least 0
 * @param text how each text between two images is written
 * @param options how the images' flows run; image k draws its noise from the seed + k, so initial
 *     latents are not taken
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StoryRequest(
    String prompt, int maxImages, float laterGuidanceScale, TextOptions text, FlowOptions options) {

  /** As many as the released script draws. */
  public static final int DEFAULT_MAX_IMAGES = 4;

  /** That of the released script. */
  public static final float DEFAULT_LATER_GUIDANCE_SCALE = 5;

  /** Those of the released script: sampled, at most 200 tokens. */
  public static final TextOptions DEFAULT_TEXT =
      TextOptions.builder()
          .maxTokens(200)
          .sampling(new TokenSampling(1, OptionalInt.empty(), OptionalDouble.empty()))
          .build();

  /** Bounds memory: each image stays in the model's view. */
  public static final int MOST_IMAGES = 64;

  /**
   * @throws InvalidRequestException if there is no prompt, or a setting is out of its range
   */
  public StoryRequest {
    PromptEncoder.requirePresent("prompt", prompt);
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(options, "options");
    if (maxImages < 1 || maxImages > MOST_IMAGES) {
      throw new InvalidRequestException(
          "max images: 1 to " + MOST_IMAGES + " are needed, found " + maxImages);
    }
    if (!(laterGuidanceScale >= 0) || Float.isInfinite(laterGuidanceScale)) {
      throw new InvalidRequestException(
          "later guidance scale: a number from 0 (no guidance) up is needed, found "
              + laterGuidanceScale);
    }
    if (options.initialLatents().isPresent()) {
      throw new InvalidRequestException(
          "initial latents: a story has several images, each with noise of its own; leave them"
              + " out, and choose the noise with the seed");
    }
  }

  /** A request with the model's defaults and the settings of the released script. */
  public static StoryRequest of(String prompt) {
    return builder(prompt).build();
  }

  public static Builder builder(String prompt) {
    return new Builder(prompt);
  }

  /** Collects what a {@link StoryRequest} is made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
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

    public Builder maxImages(int maxImages) {
      this.maxImages = maxImages;
      return this;
    }

    public Builder laterGuidanceScale(float laterGuidanceScale) {
      this.laterGuidanceScale = laterGuidanceScale;
      return this;
    }

    /**
     * Left out, {@link #DEFAULT_TEXT} under the seed of the images, or one that is chosen for both.
     */
    public Builder text(TextOptions text) {
      this.text = Optional.of(Objects.requireNonNull(text, "text"));
      return this;
    }

    /**
     * @throws InvalidRequestException as {@link StoryRequest}
     */
    public StoryRequest build() {
      FlowOptions flow = flowOptions();
      if (text.isPresent()) {
        return new StoryRequest(prompt, maxImages, laterGuidanceScale, text.get(), flow);
      }
      // Chosen here, so that the seed in the result stands for texts and images both.
      long seed = flow.seed().orElseGet(InitialLatents::anySeed);
      return new StoryRequest(
          prompt,
          maxImages,
          laterGuidanceScale,
          TextOptions.builder().options(DEFAULT_TEXT).seed(seed).build(),
          flow.withSeed(seed));
    }
  }
}
