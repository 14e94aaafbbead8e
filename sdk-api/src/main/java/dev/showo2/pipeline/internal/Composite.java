package dev.showo2.pipeline.internal;

import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import org.apiguardian.api.API;

/** Blends an edited image over its original. Stateless and thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Composite {

  private Composite() {}

  /**
   * Blends two images pixel by pixel.
   *
   * @param changed of the size of the original
   * @param original [1, 3, 1, H, W] in -1 … 1
   * @param weights [H · W]: 0 gives exactly the original's pixel, 1 the changed one
   * @return a new image of {@link BufferedImage#TYPE_INT_RGB}
   */
  public static BufferedImage of(BufferedImage changed, HostTensor original, float[] weights) {
    int width = changed.getWidth();
    int height = changed.getHeight();
    BufferedImage composite = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        composite.setRGB(x, y, mixed(original, at, changed.getRGB(x, y), weights[at]));
      }
    }
    return composite;
  }

  private static int mixed(HostTensor original, int at, int changed, float weight) {
    int plane = original.values().length / 3;
    int rgb = 0;
    for (int channel = 0; channel < 3; channel++) {
      int shift = 16 - 8 * channel;
      // Rounded, not truncated as images of the model: these values were integers.
      float from = (original.values()[channel * plane + at] + 1) / 2 * 255;
      float to = changed >> shift & 0xff;
      rgb |= Math.round(from + weight * (to - from)) << shift;
    }
    return rgb;
  }
}
