package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.media.internal.MaskSelection;
import dev.showo2.model.Architecture;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The mask of an image edit, 0 (keep) … 1 (change), for pixels and for latents. Immutable.
 *
 * @param width of the image in pixels
 * @param height of the image in pixels
 * @param pixels [height · width]
 * @param latents [h · w]: the maximum over the pixels of a latent, so that every masked pixel can
 *     change
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
@API(status = API.Status.INTERNAL, since = "0.1")
public record EditMask(int width, int height, float[] pixels, float[] latents) {

  /** The width of the soft edge inside the mask, in pixels. */
  private static final int FEATHER = 4;

  /**
   * Makes a mask of an image.
   *
   * @param mask cropped and scaled like its image; what it selects is what {@link MaskSelection}
   *     says; empty to change all
   * @param width of the image in pixels
   * @param height of the image in pixels
   * @return the mask
   * @throws InvalidRequestException if nothing may change in what is left of the image, or the mask
   *     can be meant in two ways
   */
  public static EditMask of(Optional<BufferedImage> mask, int width, int height) {
    float[] pixels = new float[width * height];
    if (mask.isEmpty()) {
      Arrays.fill(pixels, 1);
    } else {
      BufferedImage selection = MaskSelection.of(mask.get());
      float[] scaled = ImagePreprocessor.centerCrop(selection, height, width).values();
      for (int i = 0; i < pixels.length; i++) {
        float brightness =
            (scaled[i] + scaled[i + pixels.length] + scaled[i + 2 * pixels.length]) / 3;
        pixels[i] = (brightness + 1) / 2;
      }
      requireSelection(mask.get(), pixels, width, height);
    }
    return new EditMask(width, height, pixels, latents(pixels, width, height));
  }

  private static void requireSelection(BufferedImage mask, float[] pixels, int width, int height) {
    float most = 0;
    for (float pixel : pixels) {
      most = Math.max(most, pixel);
    }
    if (most * 255 < MaskSelection.NOISE + 0.5f) {
      throw MaskSelection.nothing(
          " in what is edited: the model draws "
              + width
              + "x"
              + height
              + " pixels, for which the middle of the "
              + mask.getWidth()
              + "x"
              + mask.getHeight()
              + " is taken; cut image and mask to that shape first");
    }
  }

  private static float[] latents(float[] pixels, int width, int height) {
    int factor = Architecture.VAE_SPATIAL_FACTOR;
    int columns = width / factor;
    float[] latents = new float[columns * (height / factor)];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int latent = y / factor * columns + x / factor;
        latents[latent] = Math.max(latents[latent], pixels[y * width + x]);
      }
    }
    return latents;
  }

  /** {@return whether any pixel is to be kept, at least in part} */
  public boolean keepsSomething() {
    for (float pixel : pixels) {
      if (pixel < 1) {
        return true;
      }
    }
    return false;
  }

  /**
   * Computes the blend weight of the changed image for each pixel: 0 outside of the mask,
   * increasing inside of it with the distance from its edge, so that no seam shows and the thinnest
   * line still changes a little. The borders of the image are no edges of the mask.
   *
   * @return [height · width], 0 … 1
   */
  public float[] weights() {
    float[] weights = pixels.clone();
    float[] inner = pixels;
    for (int ring = 0; ring < FEATHER; ring++) {
      inner = withoutEdge(inner);
      for (int i = 0; i < weights.length; i++) {
        weights[i] += inner[i];
      }
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= FEATHER + 1;
    }
    return weights;
  }

  /** Erodes the mask by one pixel: the minimum of each pixel and its neighbors. */
  private float[] withoutEdge(float[] values) {
    float[] inner = values.clone();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int near = 0; near < 9; near++) {
          int row = Math.max(0, Math.min(height - 1, y + near / 3 - 1));
          int column = Math.max(0, Math.min(width - 1, x + near % 3 - 1));
          inner[y * width + x] = Math.min(inner[y * width + x], values[row * width + column]);
        }
      }
    }
    return inner;
  }
}
