package dev.showo2.media;

import dev.showo2.media.internal.Orientation;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The parts of JPEG that javax.imageio leaves to its callers: header fields, EXIF orientation and
 * colors for print. Stateless and thread-safe.
 */
final class JpegSupport {

  private JpegSupport() {}

  /**
   * The fields of the segments before the pixels. Reading stops at the first corrupt segment and
   * never fails: corrupt files are the decoder's to report.
   *
   * @param components of every pixel; 0 if the file does not get so far
   * @param adobeTransform how Adobe's programs say that they stored the colors: 2 is YCCK where
   *     there are four components
   * @param orientation that EXIF data asks for
   */
  record Header(int components, int adobeTransform, Orientation orientation) {

    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.ISO_8859_1);

    private static final int START_OF_SCAN = 0xda;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;

    static Header of(byte[] file) {
      int components = 0;
      int adobeTransform = 0;
      Orientation orientation = Orientation.NORMAL;
      int at = 2;
      while (at + 4 <= file.length && (file[at] & 0xff) == 0xff) {
        int marker = file[at + 1] & 0xff;
        if (marker == 0xff) { // a fill byte
          at++;
          continue;
        }
        int end = at + 2 + ((file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff);
        int payload = at + 4;
        if (marker == START_OF_SCAN || end < payload || end > file.length) {
          break;
        }
        if (isFrame(marker) && end > payload + 5) {
          components = file[payload + 5] & 0xff;
        } else if (marker == APP14 && begins(file, payload, end, ADOBE) && end >= payload + 12) {
          adobeTransform = file[payload + 11] & 0xff;
        } else if (marker == APP1 && begins(file, payload, end, EXIF)) {
          int tiff = payload + EXIF.length;
          orientation = ExifOrientation.read(ByteBuffer.wrap(file, tiff, end - tiff));
        }
        at = end;
      }
      return new Header(components, adobeTransform, orientation);
    }

    /** SOF0 to SOF15 without the tables in the same range: DHT, JPG and DAC. */
    private static boolean isFrame(int marker) {
      return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private static boolean begins(byte[] file, int from, int end, byte[] with) {
      if (end - from < with.length) {
        return false;
      }
      for (int i = 0; i < with.length; i++) {
        if (file[from + i] != with[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * The four components of a file that was made for print, as red, green and blue.
   *
   * <p>As Pillow does it: the values are taken as Adobe's programs write them, which is inverted,
   * so 255 is no ink; and they are mixed without a color profile, red = (255 - cyan) (255 - black)
   * / 255. The JDK would convert them by a color space of its own, with quite different colors.
   *
   * @param stored four bands of 8 bits, as {@code ImageReader.readRaster} gives them
   * @param ycck whether the first three are luma and chroma of the inks
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}
   */
  static BufferedImage cmykToRgb(Raster stored, boolean ycck) {
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
