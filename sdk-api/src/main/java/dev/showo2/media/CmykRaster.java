package dev.showo2.media;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;

/**
 * The four components of a JPEG file that was made for print, as red, green and blue.
 *
 * <p>As Pillow does it: the values are taken as Adobe's programs write them, which is inverted, so
 * 255 is no ink; and they are mixed without a color profile, red = (255 - cyan) (255 - black) /
 * 255. The JDK would mix them by a color space of its own and give quite other colors.
 */
final class CmykRaster {

  private CmykRaster() {}

  /**
   * @param stored four bands of 8 bits, as {@code ImageReader.readRaster} gives them
   * @param ycck whether the first three are luma and chroma of the inks
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}
   */
  static BufferedImage toRgb(Raster stored, boolean ycck) {
    int width = stored.getWidth();
    int height = stored.getHeight();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[4 * width];
    int[] packed = new int[width];
    for (int y = 0; y < height; y++) {
      stored.getPixels(stored.getMinX(), stored.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        if (ycck) {
          toInks(row, 4 * x);
        }
        int black = row[4 * x + 3];
        packed[x] =
            mix(row[4 * x], black) << 16
                | mix(row[4 * x + 1], black) << 8
                | mix(row[4 * x + 2], black);
      }
      image.getRaster().setDataElements(0, y, width, 1, packed);
    }
    return image;
  }

  /**
   * @param ink inverted, 0 to 255
   * @param black inverted, 0 to 255
   */
  private static int mix(int ink, int black) {
    int product = (255 - ink) * black + 128;
    return Math.max(0, black - ((product >> 8) + product >> 8));
  }

  /** As libjpeg: the conversion of luma and chroma to RGB in 16 bits of fraction, inverted. */
  private static void toInks(int[] row, int at) {
    int luma = row[at];
    int cb = row[at + 1] - 128;
    int cr = row[at + 2] - 128;
    row[at] = 255 - clamp(luma + (91881 * cr + 32768 >> 16));
    row[at + 1] = 255 - clamp(luma + (-22554 * cb - 46802 * cr + 32768 >> 16));
    row[at + 2] = 255 - clamp(luma + (116130 * cb + 32768 >> 16));
  }

  private static int clamp(int value) {
    return Math.max(0, Math.min(255, value));
  }
}
