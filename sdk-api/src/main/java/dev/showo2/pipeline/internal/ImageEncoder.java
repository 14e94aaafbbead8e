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
 * Encodes images of any size to latents of one size. Thread-safe.
 *
 * @param model whose VAE encodes
 * @param width of the scaled images in pixels
 * @param height of the scaled images in pixels
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ImageEncoder(LoadedModel model, int width, int height) {

  /**
   * Makes an encoder for one of the model's token grids.
   *
   * @param model whose VAE encodes
   * @param grid of tokens
   * @return the encoder
   */
  public static ImageEncoder of(LoadedModel model, TokenGrid grid) {
    Architecture architecture = model.architecture();
    return new ImageEncoder(
        model,
        grid.columns() * architecture.pixelsPerToken(),
        grid.rows() * architecture.pixelsPerToken());
  }

  /**
   * Crops and scales the middle of an image.
   *
   * @param image of any size
   * @return [1, 3, 1, height, width] in -1 … 1
   */
  public HostTensor pixels(BufferedImage image) {
    return ImagePreprocessor.centerCrop(image, height, width).reshape(1, 3, 1, height, width);
  }

  /**
   * Encodes the middle of an image.
   *
   * @param choice computes latents [1, C, 1, h, w] from the encoder's distribution, which is closed
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

  /**
   * Encodes pixels to the mean of the encoder's distribution.
   *
   * @param pixels as {@link #pixels} returns them
   * @return latents [1, C, 1, h, w]
   */
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
