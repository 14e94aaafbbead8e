package dev.showo2.media.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.ImageDecoder;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import org.apiguardian.api.API;

/**
 * One image of a GIF, which covers a part of the screen or all of it.
 *
 * @param x of its left column on the screen
 * @param y of its top row on the screen
 * @param width in pixels
 * @param height in pixels
 * @param delay for which it is shown, in hundredths of a second, as the file says; 0 if it does not
 * @param disposal its treatment before the next one is drawn
 * @param interlaced whether every eighth row is stored first, then the rows between them
 * @param palette red, green and blue of its colors; empty if the file has none
 * @param transparent the color that is not drawn; -1 if all are
 * @param codeBits of the codes without that for clearing
 * @param data its compressed pixels; empty if there are more than {@link ImageDecoder#MAX_PIXELS}
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record GifFrame(
    int x,
    int y,
    int width,
    int height,
    int delay,
    Disposal disposal,
    boolean interlaced,
    byte[] palette,
    int transparent,
    int codeBits,
    byte[] data) {

  private static final int COLORS = 256;

  /**
   * Decodes the pixels.
   *
   * @param origin where the frame comes from, for messages
   * @return the image with its transparent pixels, in colors of its own
   * @throws InvalidRequestException if the pixels are corrupt, none or too many
   */
  public BufferedImage decode(String origin) {
    SizeCheck.of(ImageDecoder.MAX_PIXELS, origin).check(width, height);
    try {
      BufferedImage image =
          new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colorModel());
      image.getRaster().setDataElements(0, 0, width, height, GifPixels.decode(this));
      return image;
    } catch (IOException e) {
      throw JdkImageReader.corrupt(origin, ImageFormat.GIF, e);
    }
  }

  private IndexColorModel colorModel() {
    return new IndexColorModel(8, COLORS, colors(), 0, false, transparent);
  }

  /**
   * Fills the palette up.
   *
   * @return red, green and blue of all 256 colors: grays if the file has none, black behind the
   *     last one that it has
   */
  byte[] colors() {
    byte[] colors = new byte[3 * COLORS];
    if (palette.length > 0) {
      System.arraycopy(palette, 0, colors, 0, palette.length);
    } else {
      for (int i = 0; i < colors.length; i++) {
        colors[i] = (byte) (i / 3);
      }
    }
    return colors;
  }

  /** The treatment of an image before the next one is drawn. */
  @API(status = API.Status.INTERNAL, since = "0.1")
  public enum Disposal {
    /** The image stays. */
    KEEP,
    /** Its part of the screen becomes transparent. */
    CLEAR,
    /** Its part of the screen becomes what it was before. */
    RESTORE_PREVIOUS;

    /** Values without a meaning in GIF count as {@link #KEEP}. */
    static Disposal of(int value) {
      return switch (value) {
        case 2 -> CLEAR;
        case 3 -> RESTORE_PREVIOUS;
        default -> KEEP;
      };
    }
  }
}
