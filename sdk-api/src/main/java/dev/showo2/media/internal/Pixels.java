package dev.showo2.media.internal;

import dev.showo2.error.BackendException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Converts the output of the VAE to images: 8-bit value = truncate(clamp((x + 1) / 2, 0, 1) * 255)
 * in 32-bit floats (SPEC 9). Stateless and thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Pixels {

  private Pixels() {}

  /**
   * Converts one image.
   *
   * @param pixels [3, height, width]: red, green and blue planes; black is -1, white is 1, and
   *     values beyond are clamped
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}
   * @throws IllegalArgumentException if the shape is another one
   * @throws BackendException if a value is not a number
   */
  public static BufferedImage toImage(HostTensor pixels) {
    Shape shape = pixels.shape();
    if (shape.rank() != 3) {
      throw wrongShape("[3, height, width]", shape);
    }
    return toFrames(pixels.reshape(shape.dimension(0), 1, shape.dimension(1), shape.dimension(2)))
        .get(0);
  }

  /**
   * Converts the frames of a video.
   *
   * @param pixels [3, frames, height, width], as {@link #toImage}
   * @return the frames in their order, each of {@link BufferedImage#TYPE_INT_RGB}
   * @throws IllegalArgumentException if the shape is another one
   * @throws BackendException if a value is not a number
   */
  public static List<BufferedImage> toFrames(HostTensor pixels) {
    Shape shape = pixels.shape();
    if (shape.rank() != 4 || shape.dimension(0) != 3 || shape.elementCount() == 0) {
      throw wrongShape("[3, frames, height, width]", shape);
    }
    List<BufferedImage> frames = new ArrayList<>();
    for (int frame = 0; frame < shape.dimension(1); frame++) {
      frames.add(frame(pixels, frame));
    }
    return frames;
  }

  private static BufferedImage frame(HostTensor pixels, int frame) {
    int height = (int) pixels.shape().dimension(2);
    int width = (int) pixels.shape().dimension(3);
    int plane = pixels.values().length / 3;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    int at = frame * height * width;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at++) {
        int red = toByte(pixels.values()[at]);
        int green = toByte(pixels.values()[at + plane]);
        int blue = toByte(pixels.values()[at + 2 * plane]);
        row[x] = red << 16 | green << 8 | blue;
      }
      image.getRaster().setDataElements(0, y, width, 1, row);
    }
    return image;
  }

  private static int toByte(float value) {
    if (Float.isNaN(value)) {
      // Casting would give black and pass a numeric failure off as an image.
      throw new BackendException(
          "a pixel is not a number: the model's arithmetic overflowed;"
              + " use a bundle or a device of higher precision");
    }
    return (int) (Math.max(0f, Math.min(1f, (value + 1f) / 2f)) * 255f);
  }

  private static IllegalArgumentException wrongShape(String expected, Shape found) {
    return new IllegalArgumentException("pixels should be " + expected + ", got " + found);
  }
}
