package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.Outpainting;
import dev.showo2.pipeline.internal.PromptEncoder;
import java.awt.image.BufferedImage;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * An image to be changed. What is left open is taken from the model's defaults. Immutable.
 *
 * @param image of any size; its middle, scaled to the size of the result, is what is changed. Not
 *     copied; nobody may draw on it while the request is served
 * @param prompt what to draw, in English or Chinese
 * @param strength 0 … 1: how much noise the image gets before it is drawn again. 0 gives it back as
 *     the VAE does, 1 leaves nothing of it
 * @param mask of the image's size, where it may change: white may, black stays as it is, gray lies
 *     between. Left out, all of it may
 * @param options how the flow runs; initial latents are not taken, since the image is where it
 *     starts
 * @param width in pixels, a multiple of 16; other sizes than the model's own only where the model
 *     interpolates positions
 * @param height as {@code width}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ImageToImageRequest(
    BufferedImage image,
    String prompt,
    float strength,
    Optional<BufferedImage> mask,
    FlowOptions options,
    OptionalInt width,
    OptionalInt height) {

  /** Keeps the composition and changes the rest. */
  public static final float DEFAULT_STRENGTH = 0.75f;

  /**
   * @throws InvalidRequestException if there is no image or prompt, a setting is out of its range,
   *     or the mask has another size than the image
   */
  public ImageToImageRequest {
    if (image == null) {
      throw new InvalidRequestException(
          "image: an image is needed, found null; ImageIO.read gives null for what is no image");
    }
    PromptEncoder.requirePresent("prompt", prompt);
    Objects.requireNonNull(mask, "mask");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(width, "width");
    Objects.requireNonNull(height, "height");
    if (!(strength >= 0 && strength <= 1)) {
      throw new InvalidRequestException(
          "strength: a number from 0 (as it is) to 1 (drawn anew) is needed, found " + strength);
    }
    if (options.initialLatents().isPresent()) {
      throw new InvalidRequestException(
          "initial latents: an image that is changed starts from itself; leave them out, and"
              + " choose the noise with the seed");
    }
    if (mask.isPresent()) {
      requireSameSize(image, mask.get());
    }
  }

  private static void requireSameSize(BufferedImage image, BufferedImage mask) {
    if (mask.getWidth() != image.getWidth() || mask.getHeight() != image.getHeight()) {
      throw new InvalidRequestException(
          "mask: the image's size is needed, "
              + image.getWidth()
              + "x"
              + image.getHeight()
              + " pixels, found "
              + mask.getWidth()
              + "x"
              + mask.getHeight()
              + "; scale the mask");
    }
  }

  /** A request with the model's defaults and {@link #DEFAULT_STRENGTH}. */
  public static ImageToImageRequest of(BufferedImage image, String prompt) {
    return builder(image, prompt).build();
  }

  public static Builder builder(BufferedImage image, String prompt) {
    return new Builder(image, prompt);
  }

  /** An image to be continued beyond its edges; strength is 1 unless it is set. */
  public static Builder outpainting(Outpainting outpainting, String prompt) {
    Objects.requireNonNull(outpainting, "outpainting");
    return new Builder(outpainting.image(), prompt).mask(outpainting.mask()).strength(1);
  }

  /** Collects what an {@link ImageToImageRequest} is made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder extends FlowRequestBuilder<Builder> {

    private final BufferedImage image;
    private final String prompt;
    private float strength = DEFAULT_STRENGTH;
    private Optional<BufferedImage> mask = Optional.empty();
    private OptionalInt width = OptionalInt.empty();
    private OptionalInt height = OptionalInt.empty();

    private Builder(BufferedImage image, String prompt) {
      this.image = image;
      this.prompt = prompt;
    }

    @Override
    Builder self() {
      return this;
    }

    public Builder strength(float strength) {
      this.strength = strength;
      return this;
    }

    public Builder mask(BufferedImage mask) {
      this.mask = Optional.of(Objects.requireNonNull(mask, "mask"));
      return this;
    }

    public Builder size(int width, int height) {
      this.width = OptionalInt.of(width);
      this.height = OptionalInt.of(height);
      return this;
    }

    /**
     * @throws InvalidRequestException as {@link ImageToImageRequest}
     */
    public ImageToImageRequest build() {
      return new ImageToImageRequest(image, prompt, strength, mask, flowOptions(), width, height);
    }
  }
}
