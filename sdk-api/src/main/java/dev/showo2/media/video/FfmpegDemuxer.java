package dev.showo2.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EINVAL;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.internal.Orientation;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** Reads the packets of the video stream of a file. */
final class FfmpegDemuxer implements AutoCloseable {

  // FFmpeg also reads playlists, which can name other files and addresses on the network.
  private static final String CONTAINERS = "mov,matroska,avi,flv,asf,mpeg,mpegts,ogg,ivf";

  private final Path file;
  private final AVFormatContext format = new AVFormatContext((Pointer) null);
  private final AVPacket packet = av_packet_alloc();
  private AVStream stream;

  private FfmpegDemuxer(Path file) {
    this.file = file;
  }

  /**
   * Opens a file and finds its video stream.
   *
   * @param beginning of the file, for messages
   */
  static FfmpegDemuxer open(Path file, String beginning) {
    FfmpegDemuxer demuxer = new FfmpegDemuxer(file);
    try {
      demuxer.openFile(beginning);
      demuxer.describeStreams();
      demuxer.chooseStream();
      return demuxer;
    } catch (RuntimeException | Error e) {
      demuxer.close();
      throw e;
    }
  }

  private void openFile(String beginning) {
    AVDictionary options = new AVDictionary((Pointer) null);
    try (FfmpegUrl url = FfmpegUrl.of(file)) {
      av_dict_set(options, "format_whitelist", CONTAINERS, 0);
      av_dict_set(options, "protocol_whitelist", "file", 0);
      int code =
          avformat_open_input(format, url.text(), new AVInputFormat((Pointer) null), options);
      if (code < 0) {
        throw new InvalidRequestException(
            VideoReader.EXPECTED
                + ", but "
                + file
                + " begins with "
                + beginning
                + " and cannot be read as one ("
                // FFmpeg's error for formats that are not on the list.
                + (code == AVERROR_EINVAL()
                    ? "its format is unsupported"
                    : FfmpegNatives.text(code))
                + "); it is something else, truncated or corrupt");
      }
    } finally {
      av_dict_free(options);
    }
  }

  /** Reads stream parameters that the header lacks from the first packets, within bounds. */
  private void describeStreams() {
    int count = format.nb_streams();
    for (int i = 0; i < count; i++) {
      AVCodecParameters header = format.streams(i).codecpar();
      if (header.width() > 0 && header.height() > 0) {
        VideoLimits.requireSize(header.width(), header.height(), file);
      }
    }
    PointerPointer<AVDictionary> options =
        new PointerPointer<>(av_mallocz((long) count * Long.BYTES));
    try {
      for (int i = 0; i < count; i++) {
        AVDictionary each = new AVDictionary((Pointer) null);
        av_dict_set(each, "max_pixels", Long.toString(VideoReader.MAX_PIXELS), 0);
        options.put(i, each);
      }
      int code = avformat_find_stream_info(format, options);
      if (code < 0) {
        throw corrupt(0, code);
      }
    } finally {
      for (int i = 0; i < count; i++) {
        av_dict_free(new AVDictionary(options.get(i)));
      }
      av_free(options);
    }
  }

  private void chooseStream() {
    int index = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
    if (index < 0 || (format.streams(index).disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
      throw new InvalidRequestException(
          VideoReader.EXPECTED
              + ", but "
              + file
              + " holds no images that move; it is something else, or truncated");
    }
    stream = format.streams(index);
    int width = stream.codecpar().width();
    int height = stream.codecpar().height();
    if (width == 0 || height == 0) {
      throw corrupt(0, "it does not state the size of its frames");
    }
    VideoLimits.requireSize(width, height, file);
  }

  AVStream stream() {
    return stream;
  }

  /** The number of frames that the file states; 0 if it states none. */
  long claimedFrames() {
    return Math.max(0, stream.nb_frames());
  }

  double frameRate() {
    AVRational rate = stream.avg_frame_rate();
    if (rate.num() == 0) {
      rate = stream.r_frame_rate();
    }
    return VideoLimits.rateOrDefault((double) rate.num() / rate.den());
  }

  /** The orientation of the file's display matrix. */
  Orientation orientation() {
    AVPacketSideData matrix =
        av_packet_side_data_get(
            stream.codecpar().coded_side_data(),
            stream.codecpar().nb_coded_side_data(),
            AV_PKT_DATA_DISPLAYMATRIX);
    if (matrix == null || matrix.size() < 9 * Integer.BYTES) {
      return Orientation.NORMAL;
    }
    IntBuffer values =
        matrix
            .data()
            .capacity(9 * Integer.BYTES)
            .asByteBuffer()
            .order(ByteOrder.nativeOrder())
            .asIntBuffer();
    return Orientation.ofMatrix(values.get(0), values.get(1), values.get(3), values.get(4));
  }

  /**
   * Reads the next packet.
   *
   * @param frame number of frames decoded so far, for messages
   * @return the next packet of the video, which stays valid until the next call; null at the end
   * @throws InvalidRequestException if the file is truncated or corrupt
   */
  AVPacket next(long frame) {
    while (true) {
      av_packet_unref(packet);
      int code = av_read_frame(format, packet);
      if (code == AVERROR_EOF()) {
        return null;
      }
      if (code < 0) {
        throw corrupt(frame, code);
      }
      if (packet.stream_index() == stream.index()) {
        if ((packet.flags() & AV_PKT_FLAG_CORRUPT) != 0) {
          throw corrupt(frame, "a piece of it is missing");
        }
        return packet;
      }
    }
  }

  InvalidRequestException corrupt(long frame, int code) {
    return corrupt(frame, FfmpegNatives.text(code));
  }

  InvalidRequestException corrupt(long frame, String what) {
    return new InvalidRequestException(
        file
            + " is a video that cannot be read beyond "
            + frame
            + " frames ("
            + what
            + "); it is truncated or corrupt, so get it whole or encode it anew");
  }

  @Override
  public void close() {
    av_packet_free(packet);
    if (!format.isNull()) {
      avformat_close_input(format);
    }
  }
}
