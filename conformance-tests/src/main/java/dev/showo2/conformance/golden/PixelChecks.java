package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Checks;
import dev.showo2.conformance.compare.Values;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.List;

/** Decoded pixels against goldens, as floats in -1 … 1 or as 8-bit images. */
final class PixelChecks {

  private PixelChecks() {}

  /** What an image is made of: decoders give values a little outside. */
  static HostTensor clamped(HostTensor pixels) {
    float[] values = pixels.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(-1, Math.min(1, values[i]));
    }
    return new HostTensor(pixels.shape(), values);
  }

  /**
   * @param expected [images, H, W, 3]
   */
  static void compare(String name, List<BufferedImage> images, long[] expected, Checks checks) {
    BufferedImage first = images.get(0);
    Shape shape = Shape.of(images.size(), first.getHeight(), first.getWidth(), 3);
    long[] pixels = new long[Math.toIntExact(shape.elementCount())];
    int next = 0;
    for (BufferedImage image : images) {
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          int rgb = image.getRGB(x, y);
          pixels[next++] = rgb >> 16 & 0xff;
          pixels[next++] = rgb >> 8 & 0xff;
          pixels[next++] = rgb & 0xff;
        }
      }
    }
    checks.pixels(name, Values.of(shape, pixels), Values.of(shape, expected));
  }
}
