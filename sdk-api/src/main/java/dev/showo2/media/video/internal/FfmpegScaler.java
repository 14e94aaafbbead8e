package dev.showo2.media.video.internal;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import org.apiguardian.api.API;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;

/** Converts frames to another pixel format of the same size. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FfmpegScaler implements AutoCloseable {

  // Chroma is interpolated for every pixel, and nothing is rounded for the sake of speed.
  private static final int FLAGS =
      SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;

  private static final int ONE = 1 << 16;

  private SwsContext context = new SwsContext((Pointer) null);

  /**
   * Converts a frame.
   *
   * @param source with its pixels
   * @param target whose pixels are overwritten
   * @param colorspace of the frame that is not RGB
   * @return whether FFmpeg supports the conversion
   */
  public boolean convert(AVFrame source, AVFrame target, int colorspace) {
    int width = source.width();
    int height = source.height();
    // Frees the old one if its formats differ.
    context =
        sws_getCachedContext(
            context,
            width,
            height,
            source.format(),
            width,
            height,
            target.format(),
            FLAGS,
            null,
            null,
            (DoublePointer) null);
    if (context == null) {
      return false;
    }
    IntPointer coefficients = sws_getCoefficients(colorspace);
    sws_setColorspaceDetails(
        context, coefficients, range(source), coefficients, range(target), 0, ONE, ONE);
    return sws_scale(
            context, source.data(), source.linesize(), 0, height, target.data(), target.linesize())
        == height;
  }

  private static int range(AVFrame frame) {
    return frame.color_range() == AVCOL_RANGE_JPEG ? 1 : 0;
  }

  /**
   * Allocates a frame.
   *
   * @param format of its pixels
   * @param width in pixels
   * @param height in pixels
   * @return a frame with memory for its pixels, to be freed by the caller
   */
  public static AVFrame allocate(int format, int width, int height) {
    AVFrame frame = av_frame_alloc();
    frame.format(format);
    frame.width(width);
    frame.height(height);
    if (av_frame_get_buffer(frame, 0) < 0) {
      av_frame_free(frame);
      throw new OutOfMemoryError("no memory for a frame of " + width + "x" + height + " pixels");
    }
    return frame;
  }

  @Override
  public void close() {
    if (context != null) {
      sws_freeContext(context);
      context = null;
    }
  }
}
