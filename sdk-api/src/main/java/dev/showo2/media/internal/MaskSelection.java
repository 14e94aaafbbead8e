package dev.showo2.media.internal;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import org.apiguardian.api.API;

/**
 * The selection of an edit by its mask: white may change, black stays. A mask with transparent
 * pixels selects by its alpha instead, as the image APIs of others have it: transparent may change,
 * opaque stays, and the colors mean nothing.
 *
 * <p>An image in black and white with transparent pixels could be meant either way, white or
 * transparent, and is refused. Stateless and thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class MaskSelection {

  /** The noise that JPEG adds to black, in levels of 255: so little selects nothing. */
  public static final int NOISE = 3;

  private MaskSelection() {}

  /**
   * Resolves a mask.
   *
   * @param mask of any type; neither copied nor written to
   * @return an image of the same size, white where the image may change; the mask itself if it has
   *     no transparent pixels
   * @throws InvalidRequestException if it has transparent pixels and its others are all black or
   *     white with some white among them, or if it has no others
   */
  public static BufferedImage of(BufferedImage mask) {
    if (!mask.getColorModel().hasAlpha()) {
      return mask;
    }
    int width = mask.getWidth();
    BufferedImage selection =
        new BufferedImage(width, mask.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
    boolean transparent = false;
    boolean visible = false;
    boolean white = false;
    boolean colors = false;
    int[] row = new int[width];
    int[] selected = new int[width];
    for (int y = 0; y < mask.getHeight(); y++) {
      mask.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int alpha = row[x] >>> 24;
        selected[x] = 255 - alpha;
        transparent |= alpha < 255;
        if (alpha > 0) {
          visible = true;
          white |= isWhite(row[x]);
          colors |= !isWhite(row[x]) && !isBlack(row[x]);
        }
      }
      selection.getRaster().setPixels(0, y, width, 1, selected);
    }
    if (!transparent) {
      return mask;
    }
    if (!visible || white && !colors) {
      throw new InvalidRequestException(
          "mask: white may change in a mask without transparent pixels, transparent may change in"
              + " others, and this one can be meant either way: it has transparent pixels and "
              + (visible ? "white ones, and no others than black" : "no others")
              + "; put it on black and save it without alpha if white is what may change, or use"
              + " the image itself with transparent holes");
    }
    return selection;
  }

  /**
   * Validates a mask before its image is cropped.
   *
   * @param mask of any type; not written to
   * @throws InvalidRequestException as {@link #of}, or if it selects nothing
   */
  public static void require(BufferedImage mask) {
    RgbRows rows = RgbRows.of(of(mask));
    byte[] row = new byte[3 * rows.width()];
    for (int y = 0; y < rows.height(); y++) {
      rows.read(y, row);
      for (byte level : row) {
        if ((level & 0xff) > NOISE) {
          return;
        }
      }
    }
    throw nothing("; leave the mask out to change all of the image");
  }

  /**
   * Reports a mask that selects nothing.
   *
   * @param where and what to do
   * @return the exception to throw
   */
  public static InvalidRequestException nothing(String where) {
    return new InvalidRequestException(
        "mask: something that may change is needed, white or transparent, found nothing" + where);
  }

  private static boolean isWhite(int rgb) {
    return red(rgb) >= 255 - NOISE && green(rgb) >= 255 - NOISE && blue(rgb) >= 255 - NOISE;
  }

  private static boolean isBlack(int rgb) {
    return red(rgb) <= NOISE && green(rgb) <= NOISE && blue(rgb) <= NOISE;
  }

  private static int red(int rgb) {
    return rgb >> 16 & 0xff;
  }

  private static int green(int rgb) {
    return rgb >> 8 & 0xff;
  }

  private static int blue(int rgb) {
    return rgb & 0xff;
  }
}
