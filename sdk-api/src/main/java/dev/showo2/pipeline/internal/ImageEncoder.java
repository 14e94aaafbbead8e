package dev.showo2.pipeline.internal;

import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.model.Architecture;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.function.Function;
import org.apiguardian.api.API;

/**
 * ImageArguments of any size to latents of one size.
 *
 * @param width in pixels
 * @param height in pixels
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ImageEncoder(LoadedModel model, int width, int height) {

  /** To the latents of one of the model's grids. */
  public static ImageEncoder of(LoadedModel model, TokenGrid grid) {
    Architecture architecture = model.architecture();
    return new ImageEncoder(
        model,
        grid.columns() * architecture.pixelsPerToken(),
        grid.rows() * architecture.pixelsPerToken());
  }

  /** The middle of an image, scaled: [1, 3, 1, height, width] in -1 … 1. */
  public HostTensor pixels(BufferedImage image) {
    return ImagePreprocessor.centerCrop(image, height, width).reshape(1, 3, 1, height, width);
  }

  /**
   * Encodes the middle of an image.
   *
   * @param choice takes latents [1, C, 1, h, w] from the encoder's distribution, which is closed
   *     afterwards
   */
  HostTensor encode(BufferedImage image, Function<LatentDistribution, HostTensor> choice) {
    return encode(pixels(image), choice);
  }

  /**
   * Encodes a whole image, scaled to fit, on black.
   *
   * @param choice as for {@link #encode(BufferedImage, Function)}
   */
  <T> T encodeWhole(BufferedImage image, Function<LatentDistribution, T> choice) {
    return encode(
        ImagePreprocessor.letterbox(image, height, width).reshape(1, 3, 1, height, width), choice);
  }

  /** The latents of what {@link #pixels} gave: the mean of the encoder's distribution. */
  public HostTensor mean(HostTensor pixels) {
    return encode(pixels, distribution -> distribution.mean().toHost());
  }

  private <T> T encode(HostTensor pixels, Function<LatentDistribution, T> choice) {
    try (Tensor uploaded = model.backend().upload(pixels);
        LatentDistribution distribution = model.backend().vaeEncoder().encodeImage(uploaded)) {
      return choice.apply(distribution);
    }
  }
}
