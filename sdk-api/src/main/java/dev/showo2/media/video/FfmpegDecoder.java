package dev.showo2.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.video.internal.FfmpegNatives;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.Pointer;

/** Decodes the packets of a video stream to frames in their stored pixel format. */
final class FfmpegDecoder implements AutoCloseable {

  private final FfmpegDemuxer packets;
  private final AVCodecContext codec;
  private final AVFrame frame = av_frame_alloc();
  private long decoded;

  private FfmpegDecoder(FfmpegDemuxer packets, AVCodec codec) {
    this.packets = packets;
    this.codec = avcodec_alloc_context3(codec);
  }

  static FfmpegDecoder open(FfmpegDemuxer packets) {
    AVCodecParameters parameters = packets.stream().codecpar();
    AVCodec codec = avcodec_find_decoder(parameters.codec_id());
    if (codec == null) {
      throw packets.corrupt(
          0, "there is no decoder for " + avcodec_get_name(parameters.codec_id()).getString());
    }
    FfmpegDecoder decoder = new FfmpegDecoder(packets, codec);
    try {
      decoder.open(parameters, codec);
      return decoder;
    } catch (RuntimeException | Error e) {
      decoder.close();
      throw e;
    }
  }

  private void open(AVCodecParameters parameters, AVCodec decoder) {
    int code = avcodec_parameters_to_context(codec, parameters);
    if (code >= 0) {
      codec.max_pixels(VideoReader.MAX_PIXELS);
      codec.thread_count(FfmpegNatives.THREADS);
      // Else columns on the left that the stream crops stay, as the processor's alignment wants it.
      codec.flags(codec.flags() | AV_CODEC_FLAG_UNALIGNED);
      code = avcodec_open2(codec, decoder, new AVDictionary((Pointer) null));
    }
    if (code < 0) {
      throw packets.corrupt(0, code);
    }
  }

  /**
   * Decodes the next frame.
   *
   * @return the next frame, which stays valid until the next call; null at the end
   * @throws InvalidRequestException if the video is truncated or corrupt
   */
  AVFrame next() {
    while (true) {
      int code = avcodec_receive_frame(codec, frame);
      if (code == 0) {
        if (frame.decode_error_flags() != 0) {
          throw packets.corrupt(decoded, "the next one is corrupt");
        }
        decoded++;
        return frame;
      }
      if (code == AVERROR_EOF()) {
        return null;
      }
      if (code == AVERROR_EAGAIN()) {
        code = avcodec_send_packet(codec, packets.next(decoded));
      }
      if (code < 0) {
        throw packets.corrupt(decoded, code);
      }
    }
  }

  long decoded() {
    return decoded;
  }

  @Override
  public void close() {
    av_frame_free(frame);
    avcodec_free_context(codec);
  }
}
