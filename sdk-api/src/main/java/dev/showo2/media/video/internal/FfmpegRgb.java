package dev.showo2.media.video.internal;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR0;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.apiguardian.api.API;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Converts decoded frames to 8-bit RGB. Not thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FfmpegRgb implements AutoCloseable {

  private final FfmpegScaler scaler = new FfmpegScaler();
  private AVFrame rgb;

  /**
   * Converts a part of a frame.
   *
   * @param frame of any size and format
   * @param part of the frame, within it
   * @param target of {@link BufferedImage#TYPE_INT_RGB}
   * @param x in the target of the part's left column; what is outside of the target is left out
   * @param y in the target of the part's top row
   * @return whether FFmpeg supports the frame's pixel format; if not, the target is unchanged
   */
  public boolean draw(AVFrame frame, Rectangle part, BufferedImage target, int x, int y) {
    int width = frame.width();
    int height = frame.height();
    if (rgb == null || rgb.width() != width || rgb.height() != height) {
      freeRgb();
      rgb = FfmpegScaler.allocate(AV_PIX_FMT_BGR0, width, height);
    }
    if (!scaler.convert(frame, rgb, frame.colorspace())) {
      return false;
    }
    Rectangle drawn =
        new Rectangle(x, y, part.width, part.height)
            .intersection(new Rectangle(target.getWidth(), target.getHeight()));
    if (drawn.isEmpty()) {
      return true;
    }
    int stride = rgb.linesize(0);
    IntBuffer pixels =
        rgb.data(0)
            .capacity((long) stride * height)
            .asByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asIntBuffer();
    int[] row = new int[drawn.width];
    for (int i = 0; i < drawn.height; i++) {
      int from = (part.y + drawn.y - y + i) * (stride / Integer.BYTES) + part.x + drawn.x - x;
      pixels.get(from, row);
      for (int k = 0; k < row.length; k++) {
        row[k] &= 0xffffff;
      }
      target.getRaster().setDataElements(drawn.x, drawn.y + i, drawn.width, 1, row);
    }
    return true;
  }

  private void freeRgb() {
    if (rgb != null) {
      av_frame_free(rgb);
      rgb = null;
    }
  }

  @Override
  public void close() {
    freeRgb();
    scaler.close();
  }
}
