package dev.showo2.media.internal;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import org.apiguardian.api.API;

/**
 * The red, green and blue samples of an image, row by row, as Pillow's {@code convert("RGB")} gives
 * them: gray is copied to all three, alpha is dropped without compositing, color profiles are not
 * applied, and of 16-bit samples the high byte is used.
 *
 * <p>Samples are read directly from the raster wherever possible, because {@link
 * BufferedImage#getRGB} converts gray and profiled images to sRGB and so changes their values. Not
 * thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class RgbRows {

  private final BufferedImage image;
  private final boolean samples;
  private final int[] buffer;

  private RgbRows(BufferedImage image) {
    this.image = image;
    this.samples = holdsPlainSamples(image.getColorModel());
    this.buffer = new int[image.getWidth() * (samples ? image.getRaster().getNumBands() : 1)];
  }

  /**
   * Opens the rows of an image.
   *
   * @param image of any type; neither copied nor written to
   * @return its rows
   */
  public static RgbRows of(BufferedImage image) {
    return new RgbRows(image);
  }

  /** {@return the width of the image in pixels} */
  public int width() {
    return image.getWidth();
  }

  /** {@return the height of the image in pixels} */
  public int height() {
    return image.getHeight();
  }

  /**
   * Reads a row.
   *
   * @param y of the row, from 0 at the top
   * @param target receives red, green, blue of every pixel from left to right
   */
  public void read(int y, byte[] target) {
    if (samples) {
      readSamples(y, target);
    } else {
      image.getRGB(0, y, width(), 1, buffer, 0, width());
      for (int x = 0; x < width(); x++) {
        target[3 * x] = (byte) (buffer[x] >> 16);
        target[3 * x + 1] = (byte) (buffer[x] >> 8);
        target[3 * x + 2] = (byte) buffer[x];
      }
    }
  }

  private void readSamples(int y, byte[] target) {
    Raster raster = image.getRaster();
    raster.getPixels(0, y, width(), 1, buffer);
    int bands = raster.getNumBands();
    int step = bands < 3 ? 0 : 1;
    int shift = raster.getTransferType() == DataBuffer.TYPE_USHORT ? 8 : 0;
    for (int x = 0; x < width(); x++) {
      for (int channel = 0; channel < 3; channel++) {
        target[3 * x + channel] = (byte) (buffer[bands * x + step * channel] >> shift);
      }
    }
  }

  private static boolean holdsPlainSamples(ColorModel model) {
    int colors = model.getColorSpace().getType();
    boolean gray = colors == ColorSpace.TYPE_GRAY;
    if (!(model instanceof ComponentColorModel)
        || model.isAlphaPremultiplied()
        || !(gray || colors == ColorSpace.TYPE_RGB)) {
      return false;
    }
    int bits =
        switch (model.getTransferType()) {
          case DataBuffer.TYPE_BYTE -> 8;
          case DataBuffer.TYPE_USHORT -> 16;
          default -> -1;
        };
    for (int size : model.getComponentSize()) {
      if (size != bits) {
        return false;
      }
    }
    return true;
  }
}
