package dev.showo2.media;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.internal.RgbRows;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.apiguardian.api.API;

/**
 * An image on a larger canvas, with the mask of what is new on it: the input of outpainting.
 *
 * <p>Immutable and thread-safe as long as its images are not written to.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Outpainting {

  private final BufferedImage image;
  private final BufferedImage mask;

  private Outpainting(BufferedImage image, BufferedImage mask) {
    this.image = image;
    this.mask = mask;
  }

  /** {@return the canvas, 8-bit RGB; its new parts repeat the nearest pixel of the image} */
  public BufferedImage image() {
    return image;
  }

  /**
   * {@return the mask, 8-bit gray, of the canvas's size: white where the canvas is new, black where
   * the image is located}
   */
  public BufferedImage mask() {
    return mask;
  }

  /**
   * Adds room around an image. Models generate images of a fixed shape and see the middle of
   * others, so the canvas should have that shape.
   *
   * @param image of any size; not copied and not written to
   * @param left pixels to add on the left, at least 0
   * @param top pixels to add on the top, at least 0
   * @param right pixels to add on the right, at least 0
   * @param bottom pixels to add on the bottom, at least 0
   * @return the canvas and its mask
   * @throws InvalidRequestException if there is no image, one is negative, all are 0, or the canvas
   *     has more pixels than {@link ImageDecoder#MAX_PIXELS}
   */
  public static Outpainting around(BufferedImage image, int left, int top, int right, int bottom) {
    if (image == null) {
      throw new InvalidRequestException(
          "image: an image is needed, found null; ImageIO.read gives null for what is no image");
    }
    long added = (long) left + top + right + bottom;
    if (left < 0 || top < 0 || right < 0 || bottom < 0 || added == 0) {
      throw new InvalidRequestException(
          "outpainting: at least 0 pixels on each side and 1 in all are needed, found left "
              + left
              + ", top "
              + top
              + ", right "
              + right
              + ", bottom "
              + bottom);
    }
    long width = (long) image.getWidth() + left + right;
    long height = (long) image.getHeight() + top + bottom;
    if (width > ImageDecoder.MAX_PIXELS / height) {
      throw new InvalidRequestException(
          "outpainting: a canvas of up to "
              + ImageDecoder.MAX_PIXELS
              + " pixels is made, found "
              + width
              + "x"
              + height);
    }
    return new Outpainting(
        extended(image, left, top, (int) width, (int) height),
        mask(image, left, top, (int) width, (int) height));
  }

  private static BufferedImage extended(
      BufferedImage image, int left, int top, int width, int height) {
    BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    RgbRows rows = RgbRows.of(image);
    byte[] row = new byte[3 * image.getWidth()];
    int[] packed = new int[width];
    for (int y = 0; y < height; y++) {
      rows.read(Math.max(0, Math.min(image.getHeight() - 1, y - top)), row);
      for (int x = 0; x < width; x++) {
        int from = 3 * Math.max(0, Math.min(image.getWidth() - 1, x - left));
        packed[x] = (row[from] & 0xff) << 16 | (row[from + 1] & 0xff) << 8 | row[from + 2] & 0xff;
      }
      canvas.getRaster().setDataElements(0, y, width, 1, packed);
    }
    return canvas;
  }

  private static BufferedImage mask(BufferedImage image, int left, int top, int width, int height) {
    BufferedImage mask = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = mask.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(Color.BLACK);
    graphics.fillRect(left, top, image.getWidth(), image.getHeight());
    graphics.dispose();
    return mask;
  }
}
