package dev.showo2.media;

import dev.showo2.media.internal.Orientation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What stands before the pixels of a JPEG file and javax.imageio does not tell. Reads as far as the
 * segments are sound and never fails: whether the file is damaged is for the decoder to say.
 *
 * @param components of every pixel; 0 if the file does not get so far
 * @param adobeTransform how Adobe's programs say that they stored the colors: 2 is YCCK where there
 *     are four components
 * @param orientation that EXIF data asks for
 */
record JpegHeader(int components, int adobeTransform, Orientation orientation) {

  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.ISO_8859_1);

  private static final int START_OF_SCAN = 0xda;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;

  static JpegHeader of(byte[] file) {
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
    return new JpegHeader(components, adobeTransform, orientation);
  }

  /** SOF0 to SOF15 without the tables that stand among them: DHT, JPG and DAC. */
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
