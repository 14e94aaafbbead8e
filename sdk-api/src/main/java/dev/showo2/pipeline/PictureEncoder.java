package dev.showo2.pipeline;

import dev.showo2.media.ImagePreprocessor;
import dev.showo2.model.Architecture;
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
    Architecture architecture = model.architecture();
    int height = grid.rows() * architecture.pixelsPerToken();
    int width = grid.columns() * architecture.pixelsPerToken();
    HostTensor pixels =
        ImagePreprocessor.centerCrop(picture, height, width).reshape(1, 3, 1, height, width);
    try (Tensor uploaded = model.backend().upload(pixels);
        LatentDistribution distribution = model.backend().vaeEncoder().encodeImage(uploaded)) {
      return choice.apply(distribution);
    }
  }
}
