package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.Outpainting;
import dev.showo2.media.internal.MaskSelection;
import dev.showo2.pipeline.internal.ImageArguments;
import dev.showo2.pipeline.internal.PromptEncoder;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * A request for a changed image: image to image, inpainting or outpainting. A setting that is left
 * open is taken from the model's defaults.
 *
 * <p>Immutable and thread-safe as long as nobody writes to its images.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class ImageToImageRequest {

  /** The strength unless it is set: keeps the composition and changes the rest. */
  public static final float DEFAULT_STRENGTH = 0.75f;

  private final BufferedImage image;
  private final String prompt;
  private final float strength;
  private final Optional<BufferedImage> mask;
  private final FlowOptions options;
  private final OptionalInt width;
  private final OptionalInt height;

  private ImageToImageRequest(Builder builder) {
    image = builder.image;
    prompt = builder.prompt;
    strength = builder.strength;
    mask = builder.mask;
    options = builder.flowOptions();
    width = builder.width;
    height = builder.height;
    ImageArguments.requirePresent("image", image);
    PromptEncoder.requirePresent("prompt", prompt);
    requireRanges();
  }

  private void requireRanges() {
    if (!(strength >= 0 && strength <= 1)) {
      throw new InvalidRequestException(
          "strength: a number from 0 (as it is) to 1 (drawn anew) is needed, found " + strength);
    }
    if (options.initialLatents().isPresent()) {
      throw new InvalidRequestException(
          "initial latents: an image that is changed starts from itself; leave them out, and"
              + " choose the noise with the seed");
    }
    mask.ifPresent(present -> requireMask(image, present));
  }

  private static void requireMask(BufferedImage image, BufferedImage mask) {
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
    MaskSelection.require(mask);
  }

  /**
   * Makes a request with the model's defaults and {@link #DEFAULT_STRENGTH}.
   *
   * @param image as for {@link #builder}
   * @param prompt as for {@link #builder}
   * @return the request
   * @throws InvalidRequestException if there is no image or no prompt
   */
  public static ImageToImageRequest of(BufferedImage image, String prompt) {
    return builder(image, prompt).build();
  }

  /**
   * Begins a request to change an image.
   *
   * @param image of any size; its middle, scaled to the size of the result, is what is changed. Not
   *     copied; not to be written to while the request is served
   * @param prompt a description of the result in English or Chinese
   * @return a builder
   */
  public static Builder builder(BufferedImage image, String prompt) {
    return new Builder(image, prompt);
  }

  /**
   * Begins a request to continue an image beyond its edges, with strength 1.
   *
   * @param outpainting the image on its larger canvas
   * @param prompt a description of the whole in English or Chinese
   * @return a builder
   */
  public static Builder outpainting(Outpainting outpainting, String prompt) {
    Objects.requireNonNull(outpainting, "outpainting");
    return new Builder(outpainting.image(), prompt).mask(outpainting.mask()).strength(1);
  }

  /** {@return a builder with image, prompt and settings of this request} */
  public Builder toBuilder() {
    Builder builder = builder(image, prompt).options(options).strength(strength);
    builder.mask = mask;
    builder.width = width;
    builder.height = height;
    return builder;
  }

  /** {@return the image to change} */
  public BufferedImage image() {
    return image;
  }

  /** {@return the prompt; may be empty} */
  public String prompt() {
    return prompt;
  }

  /** {@return how much noise the image gets, 0 … 1} */
  public float strength() {
    return strength;
  }

  /** {@return where the image may change, in its size; empty: everywhere} */
  public Optional<BufferedImage> mask() {
    return mask;
  }

  /** {@return the settings of the flow; they hold no initial latents} */
  public FlowOptions options() {
    return options;
  }

  /** {@return the width of the result in pixels; empty: that of the model's own images} */
  public OptionalInt width() {
    return width;
  }

  /** {@return the height of the result in pixels; empty: that of the model's own images} */
  public OptionalInt height() {
    return height;
  }

  private List<Object> settings() {
    return List.of(image, prompt, strength, mask, options, width, height);
  }

  /** Compares settings by value and images by identity. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ImageToImageRequest request && settings().equals(request.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "ImageToImageRequest[prompt="
        + prompt
        + ", strength="
        + strength
        + (mask.isPresent() ? ", with mask" : ", without mask")
        + ", options="
        + options
        + ", width="
        + width
        + ", height="
        + height
        + "]";
  }

  /** Builds an {@link ImageToImageRequest}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
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

    /**
     * Sets how much noise the image gets before it is drawn again: 0 gives it back as the VAE
     * encodes and decodes it, 1 leaves nothing of it. Default: {@link #DEFAULT_STRENGTH}.
     *
     * @param strength 0 … 1
     * @return this builder
     */
    public Builder strength(float strength) {
      this.strength = strength;
      return this;
    }

    /**
     * Sets where the image may change: white may change, black stays as it is, pixel by pixel, gray
     * is blended. A mask with transparent pixels selects by its alpha alone, as the image APIs of
     * others have it: transparent may change, opaque stays, whatever its colors. A mask that could
     * be meant either way, white on a transparent layer, is refused, and so is one that selects
     * nothing of what is edited. Default: none, all of the image may change.
     *
     * @param mask of the image's size, such as {@link ImageDecoder#readMask} gives; not copied.
     *     {@link ImageDecoder#read} drops the alpha of a file
     * @return this builder
     */
    public Builder mask(BufferedImage mask) {
      this.mask = Optional.of(Objects.requireNonNull(mask, "mask"));
      return this;
    }

    /**
     * Sets width and height of the result; see {@link #width}.
     *
     * @param width in pixels
     * @param height in pixels
     * @return this builder
     */
    public Builder size(int width, int height) {
      return width(width).height(height);
    }

    /**
     * Sets the width of the result. Time and memory grow faster than the area. Default: the model's
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
     * Sets the height of the result; see {@link #width}.
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
     * @throws InvalidRequestException if there is no image or no prompt, a setting is out of its
     *     range, the mask has another size than the image or selects nothing or can be meant in two
     *     ways, or there are initial latents
     */
    public ImageToImageRequest build() {
      return new ImageToImageRequest(this);
    }
  }
}
