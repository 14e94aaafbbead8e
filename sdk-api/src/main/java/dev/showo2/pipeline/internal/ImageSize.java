package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.Shape;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * The size of a generated image, validated for a model.
 *
 * @param width in pixels
 * @param height in pixels
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ImageSize(int width, int height) {

  /** The largest width and height, far larger than images in training; bounds memory. */
  private static final int LARGEST = 4096;

  /**
   * Completes a size by that of the model's own images.
   *
   * @param architecture of the model
   * @param width in pixels
   * @param height in pixels
   * @return the size
   * @throws InvalidRequestException if the model generates no images of that size
   */
  public static ImageSize of(Architecture architecture, OptionalInt width, OptionalInt height) {
    int unit = architecture.pixelsPerToken();
    TokenGrid grid = architecture.imageGrid();
    ImageSize own = new ImageSize(grid.columns() * unit, grid.rows() * unit);
    ImageSize size = new ImageSize(width.orElse(own.width), height.orElse(own.height));
    if (size.equals(own)) {
      return own;
    }
    requireMultiple("width", size.width, unit);
    requireMultiple("height", size.height, unit);
    if (!architecture.interpolatesPositions()) {
      throw new InvalidRequestException(
          "size: this model generates images of "
              + own
              + " pixels only, found "
              + size
              + "; models that interpolate positions (the HQ checkpoints) generate others");
    }
    return size;
  }

  private static void requireMultiple(String name, int pixels, int unit) {
    int largest = LARGEST / unit * unit;
    if (pixels < unit || pixels > largest || pixels % unit != 0) {
      int within = Math.max(unit, Math.min(largest, pixels));
      int near = Math.round(within / (float) unit) * unit;
      throw new InvalidRequestException(
          name
              + ": a multiple of "
              + unit
              + " from "
              + unit
              + " to "
              + largest
              + " pixels is needed, found "
              + pixels
              + "; the nearest is "
              + near);
    }
  }

  /** [1, C, 1, h, w]. */
  Shape latentShape(Architecture architecture) {
    return Shape.of(
        1,
        architecture.vae().latentChannels(),
        1,
        height / Architecture.VAE_SPATIAL_FACTOR,
        width / Architecture.VAE_SPATIAL_FACTOR);
  }

  @Override
  public String toString() {
    return width + "x" + height;
  }
}
