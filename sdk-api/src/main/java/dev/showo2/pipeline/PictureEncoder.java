package dev.showo2.pipeline;

import dev.showo2.media.ImagePreprocessor;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.function.Function;

/** Pictures of any size to the latents of one of the model's grids. */
record PictureEncoder(LoadedModel model, TokenGrid grid) {

  /**
   * Encodes the middle of a picture, scaled to the grid.
   *
   * @param choice takes latents [1, C, 1, h, w] from the encoder's distribution, which is closed
   *     afterwards
   */
  HostTensor encode(BufferedImage picture, Function<LatentDistribution, HostTensor> choice) {
    return encode(ImagePreprocessor.centerCrop(picture, height(), width()), choice);
  }

  /**
   * Encodes a whole picture, scaled to fit into the grid, on black.
   *
   * @param choice as for {@link #encode(BufferedImage, Function)}
   */
  <T> T encodeWhole(BufferedImage picture, Function<LatentDistribution, T> choice) {
    return encode(ImagePreprocessor.letterbox(picture, height(), width()), choice);
  }

  private <T> T encode(HostTensor pixels, Function<LatentDistribution, T> choice) {
    try (Tensor uploaded = model.backend().upload(pixels.reshape(1, 3, 1, height(), width()));
        LatentDistribution distribution = model.backend().vaeEncoder().encodeImage(uploaded)) {
      return choice.apply(distribution);
    }
  }

  private int height() {
    return grid.rows() * model.architecture().pixelsPerToken();
  }

  private int width() {
    return grid.columns() * model.architecture().pixelsPerToken();
  }
}
