package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.ImageArguments;
import dev.showo2.pipeline.internal.PromptEncoder;
import dev.showo2.pipeline.internal.VideoGenerator;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * A request for a video that begins with an image. A setting that is left open is taken from the
 * model's defaults.
 *
 * <p>Immutable and thread-safe as long as nobody writes to its image.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class ImageToVideoRequest {

  private final BufferedImage image;
  private final String prompt;
  private final FlowOptions options;
  private final OptionalInt latentFrames;

  private ImageToVideoRequest(Builder builder) {
    image = builder.image;
    prompt = builder.prompt;
    options = builder.flowOptions();
    latentFrames = builder.latentFrames;
    ImageArguments.requirePresent("image", image);
    PromptEncoder.requirePresent("prompt", prompt);
    VideoGenerator.requireFrames(latentFrames);
  }

  /**
   * Makes a request with the model's defaults.
   *
   * @param image as for {@link #builder}
   * @param prompt as for {@link #builder}
   * @return the request
   * @throws InvalidRequestException if there is no image or no prompt
   */
  public static ImageToVideoRequest of(BufferedImage image, String prompt) {
    return builder(image, prompt).build();
  }

  /**
   * Begins a request with every setting left open.
   *
   * @param image the first frame; its middle, scaled to the size of the model's videos. Not copied;
   *     not to be written to while the request is served
   * @param prompt a description of the video in English or Chinese; may be empty
   * @return a builder
   */
  public static Builder builder(BufferedImage image, String prompt) {
    return new Builder(image, prompt);
  }

  /** {@return a builder with image, prompt and settings of this request} */
  public Builder toBuilder() {
    Builder builder = builder(image, prompt).options(options);
    builder.latentFrames = latentFrames;
    return builder;
  }

  /** {@return the first frame} */
  public BufferedImage image() {
    return image;
  }

  /** {@return the prompt; may be empty} */
  public String prompt() {
    return prompt;
  }

  /** {@return the settings of the flow} */
  public FlowOptions options() {
    return options;
  }

  /** {@return the number T of latent frames, 1 to 256; empty: the model's default} */
  public OptionalInt latentFrames() {
    return latentFrames;
  }

  private List<Object> settings() {
    return List.of(image, prompt, options, latentFrames);
  }

  /** Compares settings by value and the image by identity. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ImageToVideoRequest request && settings().equals(request.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "ImageToVideoRequest[prompt="
        + prompt
        + ", options="
        + options
        + ", latentFrames="
        + latentFrames
        + "]";
  }

  /** Builds an {@link ImageToVideoRequest}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder extends FlowRequestBuilder<Builder> {

    private final BufferedImage image;
    private final String prompt;
    private OptionalInt latentFrames = OptionalInt.empty();

    private Builder(BufferedImage image, String prompt) {
      this.image = image;
      this.prompt = prompt;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets the length of the video. T latent frames make 1 + 4·(T − 1) frames; time and memory grow
     * faster than T. Default: the model's.
     *
     * @param latentFrames T, 1 to 256
     * @return this builder
     */
    public Builder latentFrames(int latentFrames) {
      this.latentFrames = OptionalInt.of(latentFrames);
      return this;
    }

    /**
     * Builds the request.
     *
     * @return the request
     * @throws InvalidRequestException if a setting is out of its range, or there is no image or no
     *     prompt
     */
    public ImageToVideoRequest build() {
      return new ImageToVideoRequest(this);
    }
  }
}
