package dev.showo2.media.internal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * The first image of a GIF on its screen, as Pillow shows it: transparency is not looked at, and
 * around the image there is the color that is transparent, or the first one. The screen grows if
 * the image does not fit on it. Not thread-safe.
 */
final class GifStill implements RgbSource {

  private final GifFrame frame;
  private final int width;
  private final int height;
  private final byte[] colors;
  private final int background;
  private byte[] pixels;
  private int nextRow;

  private GifStill(GifFrame frame, int width, int height) {
    this.frame = frame;
    this.width = width;
    this.height = height;
    this.colors = frame.colors();
    this.background = Math.max(0, frame.transparent());
  }

  static GifStill open(byte[] file, SizeCheck sizeCheck) throws IOException {
    try (GifFrames frames = GifFrames.of(new ByteArrayInputStream(file))) {
      GifFrame frame = frames.next().orElseThrow(() -> new EOFException("it holds no image"));
      sizeCheck.check(frame.width(), frame.height());
      int width = Math.max(frames.width(), frame.x() + frame.width());
      int height = Math.max(frames.height(), frame.y() + frame.height());
      sizeCheck.check(width, height);
      return new GifStill(frame, width, height);
    }
  }

  /**
   * Decodes the first image with its alpha.
   *
   * @param width of the screen, with room for the image
   * @param height of the screen, with room for the image
   * @return the screen; around the image as {@link #open} has it
   */
  static BufferedImage withAlpha(byte[] file, int width, int height) throws IOException {
    try (GifFrames frames = GifFrames.of(new ByteArrayInputStream(file))) {
      GifFrame frame = frames.next().orElseThrow(() -> new EOFException("it holds no image"));
      byte[] pixels = GifPixels.decode(frame);
      byte[] colors = frame.colors();
      BufferedImage screen = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int column = x - frame.x();
          int row = y - frame.y();
          boolean drawn = column >= 0 && column < frame.width() && row >= 0 && row < frame.height();
          int color =
              drawn
                  ? pixels[row * frame.width() + column] & 0xff
                  : Math.max(0, frame.transparent());
          int rgb =
              (colors[3 * color] & 0xff) << 16
                  | (colors[3 * color + 1] & 0xff) << 8
                  | colors[3 * color + 2] & 0xff;
          screen.setRGB(x, y, color == frame.transparent() ? rgb : 0xff000000 | rgb);
        }
      }
      return screen;
    }
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public void next(byte[] rgb) throws IOException {
    if (pixels == null) {
      pixels = GifPixels.decode(frame);
    }
    int y = nextRow++ - frame.y();
    boolean covered = y >= 0 && y < frame.height();
    for (int i = 0; i < width; i++) {
      int x = i - frame.x();
      boolean drawn = covered && x >= 0 && x < frame.width();
      int color = drawn ? pixels[y * frame.width() + x] & 0xff : background;
      rgb[3 * i] = colors[3 * color];
      rgb[3 * i + 1] = colors[3 * color + 1];
      rgb[3 * i + 2] = colors[3 * color + 2];
    }
  }
}
