package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.PromptEncoder;
import dev.showo2.pipeline.internal.VideoGenerator;
import java.awt.image.BufferedImage;
import java.util.Objects;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * An image to be set in motion. What is left open is taken from the model's defaults. Immutable.
 *
 * @param image the first frame; its middle, scaled to the size of the model's videos
 * @param prompt what happens, in English or Chinese; empty for whatever the model likes
 * @param options how the flow runs
 * @param latentFrames T, 1 to 256; the video has 1 + 4·(T - 1) frames
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ImageToVideoRequest(
    BufferedImage image, String prompt, FlowOptions options, OptionalInt latentFrames) {

  /**
   * @throws InvalidRequestException if there is no image or prompt, or the latent frames are out of
   *     their range
   */
  public ImageToVideoRequest {
    if (image == null) {
      throw new InvalidRequestException(
          "image: an image is needed, found null; ImageIO.read gives null for what is no image");
    }
    PromptEncoder.requirePresent("prompt", prompt);
    Objects.requireNonNull(options, "options");
    VideoGenerator.requireFrames(latentFrames);
  }

  /** A request with the model's defaults. */
  public static ImageToVideoRequest of(BufferedImage image, String prompt) {
    return builder(image, prompt).build();
  }

  public static Builder builder(BufferedImage image, String prompt) {
    return new Builder(image, prompt);
  }

  /** Collects what an {@link ImageToVideoRequest} is made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
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

    public Builder latentFrames(int latentFrames) {
      this.latentFrames = OptionalInt.of(latentFrames);
      return this;
    }

    /**
     * @throws InvalidRequestException if a setting is out of its range, or if there is no image or
     *     prompt
     */
    public ImageToVideoRequest build() {
      return new ImageToVideoRequest(image, prompt, flowOptions(), latentFrames);
    }
  }
}
