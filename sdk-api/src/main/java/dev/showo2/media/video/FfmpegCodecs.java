package dev.showo2.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_QSCALE;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_IEC61966_2_1;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.FF_QP2LAMBDA;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.media.video.internal.FfmpegNatives;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.Pointer;

/**
 * Opens video encoders at a visually lossless quality. The color space is written to the stream, so
 * that players need not guess it.
 */
final class FfmpegCodecs {

  private static final String OPENH264 = "libopenh264";
  private static final String MPEG4 = "mpeg4";
  private static final String VP9 = "libvpx-vp9";

  /** With smaller frames libopenh264 opens and then fails. */
  private static final int MIN_OPENH264 = 16;

  private static final int QUANTIZER = 22;

  private static final int MAX_UNITS = 65_000;
  private static final int MAX_BITS_A_SECOND = 200_000_000;

  private FfmpegCodecs() {}

  /**
   * Opens the first encoder of a format that supports frames of this size.
   *
   * @return the encoder, to be freed by the caller
   * @throws UnsupportedFeatureException if none supports it
   */
  static AVCodecContext open(VideoFormat format, double rate, int width, int height) {
    // Fewer players support MPEG-4 part 2, but it supports sizes that the other one does not.
    List<String> names = format == VideoFormat.MP4 ? List.of(OPENH264, MPEG4) : List.of(VP9);
    List<String> reasons = new ArrayList<>();
    for (String name : names) {
      AVCodec encoder = avcodec_find_encoder_by_name(name);
      if (encoder == null) {
        reasons.add(name + " is not in this build");
        continue;
      }
      if (name.equals(OPENH264) && Math.min(width, height) < MIN_OPENH264) {
        reasons.add(name + " needs " + MIN_OPENH264 + "x" + MIN_OPENH264);
        continue;
      }
      AVCodecContext codec = avcodec_alloc_context3(encoder);
      int code = open(codec, encoder, name, rate, width, height);
      if (code >= 0) {
        return codec;
      }
      avcodec_free_context(codec);
      reasons.add(name + ": " + FfmpegNatives.text(code));
    }
    throw new UnsupportedFeatureException(
        "FFmpeg has no encoder for "
            + format
            + " with frames of "
            + width
            + "x"
            + height
            + " pixels ("
            + String.join("; ", reasons)
            + "); use another size, an animated GIF or a folder of images");
  }

  private static int open(
      AVCodecContext codec, AVCodec encoder, String name, double rate, int width, int height) {
    boolean even = !name.equals(VP9);
    codec.width(even ? width + width % 2 : width);
    codec.height(even ? height + height % 2 : height);
    codec.pix_fmt(AV_PIX_FMT_YUV420P);
    codec.color_range(AVCOL_RANGE_MPEG);
    codec.colorspace(AVCOL_SPC_SMPTE170M);
    codec.color_primaries(AVCOL_PRI_BT709);
    codec.color_trc(AVCOL_TRC_IEC61966_2_1);
    setRate(codec, rate);
    codec.thread_count(FfmpegNatives.THREADS);
    // MP4 and WebM both store the decoder's configuration before the first frame.
    codec.flags(codec.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    AVDictionary options = new AVDictionary((Pointer) null);
    try {
      switch (name) {
        case OPENH264 -> {
          av_dict_set(options, "profile", "high", 0);
          av_dict_set(options, "coder", "cabac", 0);
          // One quantizer and enough bits for it. With a finer one a frame of noise, which a model
          // can generate, exceeds the encoder's buffers, which have the size of the raw frame.
          av_dict_set(options, "rc_mode", "quality", 0);
          codec.bit_rate(bitRate(codec, rate));
          codec.qmin(QUANTIZER);
          codec.qmax(QUANTIZER);
        }
        case MPEG4 -> {
          codec.flags(codec.flags() | AV_CODEC_FLAG_QSCALE);
          codec.global_quality(2 * FF_QP2LAMBDA);
        }
        default -> {
          av_dict_set(options, "crf", "12", 0);
          codec.bit_rate(0);
          av_dict_set(options, "deadline", "good", 0);
          av_dict_set(options, "cpu-used", "4", 0);
          av_dict_set(options, "row-mt", "1", 0);
        }
      }
      return avcodec_open2(codec, encoder, options);
    } finally {
      av_dict_free(options);
    }
  }

  /** As a fraction with small numbers, since MPEG-4 part 2 counts in 16 bits. */
  private static void setRate(AVCodecContext codec, double rate) {
    int seconds = (int) Math.min(1000, MAX_UNITS / rate);
    int frames = (int) Math.round(rate * seconds);
    codec.framerate().num(frames);
    codec.framerate().den(seconds);
    codec.time_base().num(seconds);
    codec.time_base().den(frames);
  }

  /** Three bits for every pixel, an eighth of the raw frame. */
  private static long bitRate(AVCodecContext codec, double rate) {
    double pixels = codec.width() * codec.height() * rate;
    return (long) Math.min(MAX_BITS_A_SECOND, 3 * pixels);
  }
}
