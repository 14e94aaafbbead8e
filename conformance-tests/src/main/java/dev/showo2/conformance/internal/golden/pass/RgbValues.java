package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Images of one size as 8-bit values.
 *
 * @param shape [images, H, W, 3]
 * @param values red, green, blue, 0 … 255
 */
@API(status = API.Status.INTERNAL)
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RgbValues(Shape shape, long[] values) {

  public static RgbValues of(List<BufferedImage> images) {
    BufferedImage first = images.get(0);
    Shape shape = Shape.of(images.size(), first.getHeight(), first.getWidth(), 3);
    long[] values = new long[Math.toIntExact(shape.elementCount())];
    int next = 0;
    for (BufferedImage image : images) {
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          int rgb = image.getRGB(x, y);
          values[next++] = rgb >> 16 & 0xff;
          values[next++] = rgb >> 8 & 0xff;
          values[next++] = rgb & 0xff;
        }
      }
    }
    return new RgbValues(shape, values);
  }
}
