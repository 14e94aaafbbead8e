package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.InitialLatents;
import dev.showo2.pipeline.internal.PromptEncoder;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.apiguardian.api.API;

/**
 * A request for an image from a prompt. A setting that is left open is taken from the model's
 * defaults.
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TextToImageRequest {

  private final String prompt;
  private final FlowOptions options;
  private final OptionalInt width;
  private final OptionalInt height;

  private TextToImageRequest(Builder builder) {
    prompt = builder.prompt;
    options = builder.flowOptions();
    width = builder.width;
    height = builder.height;
    PromptEncoder.requirePresent("prompt", prompt);
  }

  /**
   * Makes a request with the model's defaults.
   *
   * @param prompt as for {@link #builder}
   * @return the request
   * @throws InvalidRequestException if there is no prompt, or it has too many characters
   */
  public static TextToImageRequest of(String prompt) {
    return builder(prompt).build();
  }

  /**
   * Begins a request with every setting left open.
   *
   * @param prompt a description of the image in English or Chinese; empty: any image that the model
   *     may come up with
   * @return a builder
   */
  public static Builder builder(String prompt) {
    return new Builder(prompt);
  }

  /** {@return a builder with prompt and settings of this request} */
  public Builder toBuilder() {
    Builder builder = builder(prompt).options(options);
    width.ifPresent(builder::width);
    height.ifPresent(builder::height);
    return builder;
  }

  /**
   * Makes several requests that differ in their seeds alone: they count on from this request's
   * seed, or from a random one if it has none.
   *
   * @param count at least 1
   * @return as many requests
   * @throws InvalidRequestException if the count is less, or if the request brings initial latents,
   *     which would make all images the same
   */
  public List<TextToImageRequest> images(int count) {
    if (count < 1) {
      throw new InvalidRequestException("images: at least 1 is needed, found " + count);
    }
    if (count > 1 && options.initialLatents().isPresent()) {
      throw new InvalidRequestException(
          "images: "
              + count
              + " images from the same initial latents would be the same; leave the latents out,"
              + " or ask for 1");
    }
    long first = options.seed().orElseGet(InitialLatents::anySeed);
    return LongStream.range(0, count).mapToObj(k -> toBuilder().seed(first + k).build()).toList();
  }

  /** {@return the prompt; may be empty} */
  public String prompt() {
    return prompt;
  }

  /** {@return the settings of the flow} */
  public FlowOptions options() {
    return options;
  }

  /** {@return the width in pixels; empty: that of the model's own images} */
  public OptionalInt width() {
    return width;
  }

  /** {@return the height in pixels; empty: that of the model's own images} */
  public OptionalInt height() {
    return height;
  }

  private List<Object> settings() {
    return List.of(prompt, options, width, height);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextToImageRequest request && settings().equals(request.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "TextToImageRequest[prompt="
        + prompt
        + ", options="
        + options
        + ", width="
        + width
        + ", height="
        + height
        + "]";
  }

  /** Builds a {@link TextToImageRequest}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder extends FlowRequestBuilder<Builder> {

    private final String prompt;
    private OptionalInt width = OptionalInt.empty();
    private OptionalInt height = OptionalInt.empty();

    private Builder(String prompt) {
      this.prompt = prompt;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets width and height of the image; see {@link #width}.
     *
     * @param width in pixels
     * @param height in pixels
     * @return this builder
     */
    public Builder size(int width, int height) {
      return width(width).height(height);
    }

    /**
     * Sets the width of the image. Time and memory grow faster than the area. Default: the model's
     * own; others are taken only by models that interpolate positions.
     *
     * @param width in pixels, a multiple of 16 up to 4096; checked when the request is served
     * @return this builder
     */
    public Builder width(int width) {
      this.width = OptionalInt.of(width);
      return this;
    }

    /**
     * Sets the height of the image; see {@link #width}.
     *
     * @param height in pixels, a multiple of 16 up to 4096
     * @return this builder
     */
    public Builder height(int height) {
      this.height = OptionalInt.of(height);
      return this;
    }

    /**
     * Builds the request.
     *
     * @return the request
     * @throws InvalidRequestException if a setting is out of its range, or there is no prompt, or
     *     it has too many characters
     */
    public TextToImageRequest build() {
      return new TextToImageRequest(this);
    }
  }
}
