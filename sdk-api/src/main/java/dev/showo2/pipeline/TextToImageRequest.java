package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.InitialLatents;
import dev.showo2.pipeline.internal.PromptEncoder;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.apiguardian.api.API;

/**
 * An image to be drawn. What is left open is taken from the model's defaults. Immutable.
 *
 * @param prompt what to draw, in English or Chinese; empty for whatever the model likes
 * @param options how the flow runs
 * @param width in pixels, a multiple of 16; other sizes than the model's own only where the model
 *     interpolates positions
 * @param height as {@code width}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TextToImageRequest(
    String prompt, FlowOptions options, OptionalInt width, OptionalInt height) {

  /**
   * @throws InvalidRequestException if there is no prompt
   */
  public TextToImageRequest {
    PromptEncoder.requirePresent("prompt", prompt);
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(width, "width");
    Objects.requireNonNull(height, "height");
  }

  /** A request with the model's defaults. */
  public static TextToImageRequest of(String prompt) {
    return builder(prompt).build();
  }

  /**
   * The same image several times, each from noise of its own: the seeds count on from the
   * request's, or from one chosen here if it has none.
   *
   * @param count at least 1
   * @throws InvalidRequestException if the count is less, or if the request brings initial latents,
   *     which would make all the same
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
    return LongStream.range(0, count)
        .mapToObj(k -> new TextToImageRequest(prompt, options.withSeed(first + k), width, height))
        .toList();
  }

  public static Builder builder(String prompt) {
    return new Builder(prompt);
  }

  /** Collects what a {@link TextToImageRequest} is made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
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

    public Builder size(int width, int height) {
      return width(width).height(height);
    }

    public Builder width(int width) {
      this.width = OptionalInt.of(width);
      return this;
    }

    public Builder height(int height) {
      this.height = OptionalInt.of(height);
      return this;
    }

    /**
     * @throws InvalidRequestException if a setting is out of its range, or if there is no prompt
     */
    public TextToImageRequest build() {
      return new TextToImageRequest(prompt, flowOptions(), width, height);
    }
  }
}
