package dev.showo2.media.video;

import dev.showo2.media.internal.GifFrame;
import dev.showo2.media.internal.GifFrame.Disposal;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * What a viewer shows of an animated GIF: each image covers a part of what was there before it, and
 * may be taken away again. Where nothing was drawn the screen is transparent, and so white as on
 * most pages and in FFmpeg's reading.
 */
final class GifScreen {

  private static final int NOTHING = 0xffffff;

  private final Rectangle area;
  private final int[] pixels;
  private int drawn;

  private Disposal disposal = Disposal.KEEP;
  private Rectangle last = new Rectangle();
  private int[] underLast = {};

  GifScreen(int width, int height) {
    this.area = new Rectangle(width, height);
    this.pixels = new int[width * height];
    Arrays.fill(pixels, NOTHING);
  }

  /** How many images have been drawn. */
  int drawn() {
    return drawn;
  }

  /**
   * @param origin where the frame comes from, for messages
   */
  void draw(GifFrame frame, String origin) {
    BufferedImage image = frame.decode(origin);
    takeLastAway();
    disposal = frame.disposal();
    last =
        area.intersection(new Rectangle(frame.x(), frame.y(), image.getWidth(), image.getHeight()));
    if (last.isEmpty()) {
      last = new Rectangle(); // an intersection of nothing has negative sides
    }
    underLast = disposal == Disposal.RESTORE_PREVIOUS ? underLast() : new int[0];
    int[] row = new int[last.width];
    for (int y = last.y; y < last.y + last.height; y++) {
      image.getRGB(last.x - frame.x(), y - frame.y(), last.width, 1, row, 0, last.width);
      int at = y * area.width + last.x;
      for (int i = 0; i < last.width; i++) {
        if (row[i] >>> 24 != 0) {
          pixels[at + i] = row[i] & 0xffffff;
        }
      }
    }
    drawn++;
  }

  private int[] underLast() {
    int[] under = new int[last.width * last.height];
    for (int y = 0; y < last.height; y++) {
      System.arraycopy(
          pixels, (last.y + y) * area.width + last.x, under, y * last.width, last.width);
    }
    return under;
  }

  private void takeLastAway() {
    for (int y = last.y; y < last.y + last.height; y++) {
      int at = y * area.width + last.x;
      switch (disposal) {
        case CLEAR -> Arrays.fill(pixels, at, at + last.width, NOTHING);
        case RESTORE_PREVIOUS ->
            System.arraycopy(underLast, (y - last.y) * last.width, pixels, at, last.width);
        case KEEP -> {
          return;
        }
      }
    }
  }

  BufferedImage copy() {
    BufferedImage image = new BufferedImage(area.width, area.height, BufferedImage.TYPE_INT_RGB);
    image.getRaster().setDataElements(0, 0, area.width, area.height, pixels);
    return image;
  }
}
