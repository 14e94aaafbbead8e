package dev.showo2.pipeline;

import dev.showo2.media.ImagePreprocessor;
import dev.showo2.model.Architecture;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.function.Function;

/**
 * Pictures of any size to latents of one size.
 *
 * @param width in pixels
 * @param height in pixels
 */
record PictureEncoder(LoadedModel model, int width, int height) {

  /** To the latents of one of the model's grids. */
  static PictureEncoder of(LoadedModel model, TokenGrid grid) {
    Architecture architecture = model.architecture();
    return new PictureEncoder(
        model,
        grid.columns() * architecture.pixelsPerToken(),
        grid.rows() * architecture.pixelsPerToken());
  }

  /** The middle of a picture, scaled: [1, 3, 1, height, width] in -1 … 1. */
  HostTensor pixels(BufferedImage picture) {
    return ImagePreprocessor.centerCrop(picture, height, width).reshape(1, 3, 1, height, width);
  }

  /**
   * Encodes the middle of a picture.
   *
   * @param choice takes latents [1, C, 1, h, w] from the encoder's distribution, which is closed
   *     afterwards
   */
  HostTensor encode(BufferedImage picture, Function<LatentDistribution, HostTensor> choice) {
    return encode(pixels(picture), choice);
  }

  /**
   * Encodes a whole picture, scaled to fit, on black.
   *
   * @param choice as for {@link #encode(BufferedImage, Function)}
   */
  <T> T encodeWhole(BufferedImage picture, Function<LatentDistribution, T> choice) {
    return encode(
        ImagePreprocessor.letterbox(picture, height, width).reshape(1, 3, 1, height, width),
        choice);
  }

  /** The latents of what {@link #pixels} gave: the mean of the encoder's distribution. */
  HostTensor mean(HostTensor pixels) {
    return encode(pixels, distribution -> distribution.mean().toHost());
  }

  private <T> T encode(HostTensor pixels, Function<LatentDistribution, T> choice) {
    try (Tensor uploaded = model.backend().upload(pixels);
        LatentDistribution distribution = model.backend().vaeEncoder().encodeImage(uploaded)) {
      return choice.apply(distribution);
    }
  }
}
