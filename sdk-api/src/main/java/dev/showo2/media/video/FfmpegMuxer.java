package dev.showo2.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_format;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import dev.showo2.media.video.internal.FfmpegNatives;
import dev.showo2.media.video.internal.FfmpegUrl;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Writes the packets of one video stream to a file. */
final class FfmpegMuxer implements AutoCloseable {

  private final AVFormatContext format = new AVFormatContext((Pointer) null);
  private final AVIOContext file = new AVIOContext((Pointer) null);
  private final AVCodecContext codec;
  private AVStream stream;

  private FfmpegMuxer(AVCodecContext codec) {
    this.codec = codec;
  }

  static FfmpegMuxer open(Path file, VideoFormat kind, AVCodecContext codec) throws IOException {
    FfmpegMuxer muxer = new FfmpegMuxer(codec);
    try (FfmpegUrl url = FfmpegUrl.of(file)) {
      muxer.open(url.text(), kind == VideoFormat.MP4 ? "mp4" : "webm");
      return muxer;
    } catch (IOException | RuntimeException | Error e) {
      muxer.close();
      throw e;
    }
  }

  private void open(BytePointer url, String kind) throws IOException {
    AVDictionary options = new AVDictionary((Pointer) null);
    try {
      AVOutputFormat container = av_guess_format(kind, null, null);
      check(avformat_alloc_output_context2(format, container, (BytePointer) null, url));
      stream = avformat_new_stream(format, null);
      stream.time_base(codec.time_base());
      stream.avg_frame_rate(codec.framerate());
      check(avcodec_parameters_from_context(stream.codecpar(), codec));
      check(avio_open(file, url, AVIO_FLAG_WRITE));
      format.pb(file);
      // The index precedes the data, so that players can begin before they have the whole file.
      av_dict_set(options, "movflags", "+faststart", 0);
      check(avformat_write_header(format, options));
    } finally {
      av_dict_free(options);
    }
  }

  /**
   * Writes a packet.
   *
   * @param packet with times in units of the codec; emptied
   */
  void write(AVPacket packet) throws IOException {
    packet.stream_index(stream.index());
    packet.duration(1);
    av_packet_rescale_ts(packet, codec.time_base(), stream.time_base());
    check(av_interleaved_write_frame(format, packet));
  }

  void finish() throws IOException {
    check(av_write_trailer(format));
    check(closeFile());
  }

  private int closeFile() {
    if (file.isNull()) {
      return 0;
    }
    format.pb(null);
    return avio_closep(file);
  }

  private static void check(int code) throws IOException {
    if (code < 0) {
      throw new IOException("FFmpeg: " + FfmpegNatives.text(code));
    }
  }

  @Override
  public void close() {
    closeFile();
    if (!format.isNull()) {
      avformat_free_context(format);
      format.setNull();
    }
  }
}
