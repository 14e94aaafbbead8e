package dev.showo2.media.internal;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The colors of a TIFF file with a palette: the high bytes of its 16 bits, as Pillow takes them,
 * which the JDK rounds.
 */
final class TiffPalette {

  private static final int COLOR_MAP = 320;
  private static final int ENTRY_BYTES = 12;

  private TiffPalette() {}

  /**
   * Gives an image the colors of the file.
   *
   * @param image as the JDK reads it
   * @param file the whole file, which the JDK has read
   */
  static BufferedImage apply(BufferedImage image, byte[] file) throws IOException {
    ByteBuffer tiff = ByteBuffer.wrap(file);
    tiff.order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    int entries = Short.toUnsignedInt(tiff.getShort(directory));
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + i * ENTRY_BYTES;
      if (Short.toUnsignedInt(tiff.getShort(entry)) == COLOR_MAP) {
        int colors = Math.min(256, tiff.getInt(entry + 4) / 3);
        int at = tiff.getInt(entry + 8);
        byte[][] channels = new byte[3][colors];
        for (int channel = 0; channel < 3; channel++) {
          for (int color = 0; color < colors; color++) {
            channels[channel][color] =
                (byte) (tiff.getShort(at + 2 * (channel * colors + color)) >> 8);
          }
        }
        int bits = image.getColorModel().getPixelSize();
        IndexColorModel model =
            new IndexColorModel(bits, colors, channels[0], channels[1], channels[2]);
        return new BufferedImage(model, image.getRaster(), false, null);
      }
    }
    throw new IOException("it has no palette");
  }
}
