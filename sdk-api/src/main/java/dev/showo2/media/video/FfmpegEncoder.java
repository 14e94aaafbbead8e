package dev.showo2.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import dev.showo2.media.internal.RgbRows;
import dev.showo2.media.video.internal.FfmpegNatives;
import dev.showo2.media.video.internal.FfmpegScaler;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** Writes an MP4 or WebM file with FFmpeg. */
final class FfmpegEncoder implements FrameEncoder {

  private final AVCodecContext codec;
  private final AVPacket packet = av_packet_alloc();
  private final FfmpegScaler scaler = new FfmpegScaler();
  private AVFrame rgb;
  private AVFrame yuv;
  private FfmpegMuxer muxer;
  private long count;

  private FfmpegEncoder(AVCodecContext codec) {
    this.codec = codec;
  }

  /**
   * Creates the file.
   *
   * @param file that does not exist yet
   */
  static FfmpegEncoder open(Path file, VideoFormat format, double rate, int width, int height)
      throws IOException {
    FfmpegEncoder encoder = new FfmpegEncoder(FfmpegCodecs.open(format, rate, width, height));
    try {
      AVCodecContext codec = encoder.codec;
      encoder.rgb = FfmpegScaler.allocate(AV_PIX_FMT_RGB24, codec.width(), codec.height());
      encoder.rgb.color_range(AVCOL_RANGE_JPEG);
      encoder.yuv = FfmpegScaler.allocate(codec.pix_fmt(), codec.width(), codec.height());
      encoder.yuv.color_range(codec.color_range());
      encoder.yuv.colorspace(codec.colorspace());
      encoder.muxer = FfmpegMuxer.open(file, format, codec);
      return encoder;
    } catch (IOException | RuntimeException | Error e) {
      encoder.close();
      throw e;
    }
  }

  @Override
  public void add(BufferedImage frame) throws IOException {
    fill(RgbRows.of(frame));
    // The encoder may still read the previous frames.
    check(av_frame_make_writable(yuv));
    if (!scaler.convert(rgb, yuv, codec.colorspace())) {
      throw new IOException("FFmpeg cannot convert RGB to the pixels of its encoder");
    }
    yuv.pts(count++);
    send(yuv);
  }

  /** Pads to an even size by repeating the last column or row. */
  private void fill(RgbRows rows) {
    int stride = rgb.linesize(0);
    BytePointer pixels = rgb.data(0).capacity((long) stride * rgb.height());
    byte[] row = new byte[3 * rgb.width()];
    byte[] read = new byte[3 * rows.width()];
    for (int y = 0; y < rgb.height(); y++) {
      if (y < rows.height()) {
        rows.read(y, read);
        System.arraycopy(read, 0, row, 0, read.length);
        for (int i = read.length; i < row.length; i++) {
          row[i] = row[i - 3];
        }
      }
      pixels.position((long) stride * y).put(row, 0, row.length);
    }
  }

  /**
   * Encodes a frame and writes the finished packets.
   *
   * @param frame null after the last one
   */
  private void send(AVFrame frame) throws IOException {
    check(avcodec_send_frame(codec, frame));
    while (true) {
      int code = avcodec_receive_packet(codec, packet);
      if (code == AVERROR_EAGAIN() || code == AVERROR_EOF()) {
        return;
      }
      check(code);
      muxer.write(packet);
    }
  }

  @Override
  public void finish() throws IOException {
    send(null);
    muxer.finish();
  }

  private static void check(int code) throws IOException {
    if (code < 0) {
      throw new IOException("FFmpeg's encoder: " + FfmpegNatives.text(code));
    }
  }

  @Override
  public void close() {
    if (muxer != null) {
      muxer.close();
    }
    for (AVFrame frame : Arrays.asList(rgb, yuv)) {
      if (frame != null) {
        av_frame_free(frame);
      }
    }
    scaler.close();
    av_packet_free(packet);
    avcodec_free_context(codec);
  }
}
