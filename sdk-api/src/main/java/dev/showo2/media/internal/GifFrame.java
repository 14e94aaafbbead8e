package dev.showo2.media.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.ImageDecoder;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import org.apiguardian.api.API;

/**
 * One image of an animated GIF, which covers a part of the screen or all of it.
 *
 * @param x of its left column on the screen
 * @param y of its top row on the screen
 * @param width in pixels
 * @param height in pixels
 * @param delay for which it is shown, in hundredths of a second, as the file says; 0 if it does not
 * @param disposal what becomes of it before the next one is drawn
 * @param interlaced whether its rows were stored every eighth first, then those between them
 * @param file a whole GIF file that holds this image alone, its rows in the order in which they
 *     were stored: the reader of javax.imageio leaves rows out of interlaced images with less than
 *     five. Without pixels if it has more than {@link ImageDecoder#MAX_PIXELS}
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
    byte[] file) {

  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  /**
   * @param origin where the frame comes from, for messages
   * @return the image with its transparent pixels
   * @throws InvalidRequestException if the pixels are damaged
   */
  public BufferedImage decode(String origin) {
    BufferedImage stored = ImageDecoder.decodeGif(file, origin);
    return interlaced ? inOrder(stored) : stored;
  }

  private static BufferedImage inOrder(BufferedImage stored) {
    WritableRaster ordered = stored.getRaster().createCompatibleWritableRaster();
    int[] pixels = null;
    int row = 0;
    for (int[] pass : PASSES) {
      for (int y = pass[0]; y < stored.getHeight(); y += pass[1]) {
        pixels = stored.getRaster().getPixels(0, row++, stored.getWidth(), 1, pixels);
        ordered.setPixels(0, y, stored.getWidth(), 1, pixels);
      }
    }
    return new BufferedImage(stored.getColorModel(), ordered, false, null);
  }

  /** What becomes of an image before the next one is drawn. */
  @API(status = API.Status.INTERNAL, since = "0.1")
  public enum Disposal {
    KEEP,
    CLEAR,
    RESTORE_PREVIOUS;

    /** Of the values that GIF has no meaning for, nothing is known but that they exist. */
    static Disposal of(int value) {
      return switch (value) {
        case 2 -> CLEAR;
        case 3 -> RESTORE_PREVIOUS;
        default -> KEEP;
      };
    }
  }
}
