package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.media.internal.GifFrame;
import dev.showo2.media.internal.GifFrame.Disposal;
import dev.showo2.media.internal.GifFrames;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The frames of an animated GIF, each as viewers show it. */
final class GifSource implements SizedSource {

  // Browsers show frames with a delay of 0 or 1 hundredths of a second for 10 of them.
  private static final int SUBSTITUTE_DELAY = 10;

  private final Path file;
  private final long count;
  private final double frameRate;
  private final GifFrames frames;
  private final GifScreen screen;
  private boolean closed;

  private GifSource(Path file, long count, double frameRate, GifFrames frames, GifScreen screen) {
    this.file = file;
    this.count = count;
    this.frameRate = frameRate;
    this.frames = frames;
    this.screen = screen;
  }

  /** Opens the bytes of a file, from their beginning. */
  @FunctionalInterface
  interface Opener {
    InputStream open() throws IOException;
  }

  static GifSource open(Path file) {
    return open(file, () -> new BufferedInputStream(Files.newInputStream(file), 1 << 16));
  }

  /**
   * @param file for messages
   * @param opener called twice
   */
  static GifSource open(Path file, Opener opener) {
    long count = 0;
    long hundredths = 0;
    int width;
    int height;
    try (GifFrames frames = GifFrames.of(opener.open())) {
      width = frames.width();
      height = frames.height();
      for (Optional<GifFrame> next = frames.next(); next.isPresent(); next = frames.next()) {
        GifFrame frame = next.get();
        VideoLimits.requireFrames(++count, file);
        VideoLimits.requireSize(frame.width(), frame.height(), file);
        hundredths += frame.delay() < 2 ? SUBSTITUTE_DELAY : frame.delay();
        if (count == 1) {
          // As Pillow and browsers do. Later images are cut off at the edges of the screen.
          width = Math.max(width, frame.x() + frame.width());
          height = Math.max(height, frame.y() + frame.height());
        }
      }
    } catch (IOException e) {
      InvalidRequestException failure = corrupt(file, count, e);
      throw Interruptions.cancelledOr(e, () -> failure);
    }
    if (count == 0) {
      throw new InvalidRequestException(
          VideoReader.EXPECTED + ", but " + file + " is a GIF without a single frame");
    }
    VideoLimits.requireSize(width, height, file);
    double frameRate = VideoLimits.rateOrDefault(100.0 * count / hundredths);
    GifScreen screen = new GifScreen(width, height);
    try {
      return new GifSource(file, count, frameRate, GifFrames.of(opener.open()), screen);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> corrupt(file, 0, e));
    }
  }

  @Override
  public Optional<BufferedImage> next() {
    return skip() ? Optional.of(screen.copy()) : Optional.empty();
  }

  @Override
  public boolean skip() {
    if (closed) {
      throw new IllegalStateException("the source of frames is closed");
    }
    try {
      Optional<GifFrame> frame = frames.next();
      frame.ifPresent(found -> screen.draw(found, file.toString()));
      return frame.isPresent();
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> corrupt(file, screen.drawn(), e));
    } catch (InvalidRequestException e) {
      throw corrupt(file, screen.drawn(), e.getCause() == null ? e : e.getCause());
    }
  }

  private static InvalidRequestException corrupt(Path file, long frame, Throwable cause) {
    return new InvalidRequestException(
        file
            + " is a GIF that cannot be read beyond "
            + frame
            + " frames ("
            + cause
            + "); it is truncated or corrupt, so save it anew",
        cause);
  }

  @Override
  public double frameRate() {
    return frameRate;
  }

  @Override
  public long claimedFrames() {
    return count;
  }

  @Override
  public void close() {
    closed = true;
    try {
      frames.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + file, e);
    }
  }

  /**
   * The screen onto which the images of an animated GIF are drawn: each covers a part of the screen
   * and may be removed again. Where nothing was drawn the screen is transparent and shown white, as
   * on most pages, also where a file names a background color, which browsers do not show.
   */
  private static final class GifScreen {

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

    /** The number of images drawn so far. */
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
          area.intersection(
              new Rectangle(frame.x(), frame.y(), image.getWidth(), image.getHeight()));
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
}
