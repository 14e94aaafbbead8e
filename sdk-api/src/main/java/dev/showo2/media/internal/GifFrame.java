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
 * @param disposal its treatment before the next one is drawn
 * @param interlaced whether every eighth row is stored first, then the rows between them
 * @param file a whole GIF file with this image alone, its rows in the order in which they are
 *     stored: the reader of javax.imageio omits rows of interlaced images with less than five.
 *     Without pixels if it has more than {@link ImageDecoder#MAX_PIXELS}
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
   * Decodes the pixels.
   *
   * @param origin where the frame comes from, for messages
   * @return the image with its transparent pixels, in colors of its own
   * @throws InvalidRequestException if the pixels are corrupt
   */
  public BufferedImage decode(String origin) {
    BufferedImage stored =
        JdkImageReader.decode(
            file,
            ImageFormat.GIF,
            origin,
            SizeCheck.of(ImageDecoder.MAX_PIXELS, origin),
            reader -> reader.read(0));
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
