package dev.showo2.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entries_count;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entry;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avio_size;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EINVAL;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.video.internal.FfmpegNatives;
import dev.showo2.media.video.internal.FfmpegSideData;
import dev.showo2.media.video.internal.FfmpegStreams;
import dev.showo2.media.video.internal.FfmpegUrl;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIndexEntry;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** Reads the packets of the video stream of a file. */
final class FfmpegDemuxer implements AutoCloseable {

  // FFmpeg also reads playlists, which can name other files and addresses on the network.
  private static final String CONTAINERS = "matroska,avi,flv,asf,mpeg,mpegts,ogg,ivf";

  /** Whose boxes are to be validated first. */
  private static final String OF_BOXES = "mov";

  private final Path file;
  private final Optional<Set<Integer>> auxiliaryTracks;
  private final AVFormatContext format = new AVFormatContext((Pointer) null);
  private final AVPacket packet = av_packet_alloc();
  private AVStream stream;

  private FfmpegDemuxer(Path file, Optional<Set<Integer>> auxiliaryTracks) {
    this.file = file;
    this.auxiliaryTracks = auxiliaryTracks;
  }

  /**
   * Opens a file and finds its video stream.
   *
   * @param beginning of the file, for messages
   * @param auxiliaryTracks of a file whose boxes have been validated: ids of the tracks with alpha,
   *     depth and the like, which are not shown; empty for files of other containers
   */
  static FfmpegDemuxer open(Path file, String beginning, Optional<Set<Integer>> auxiliaryTracks) {
    FfmpegDemuxer demuxer = new FfmpegDemuxer(file, auxiliaryTracks);
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
      av_dict_set(
          options, "format_whitelist", auxiliaryTracks.isPresent() ? OF_BOXES : CONTAINERS, 0);
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
    stream =
        FfmpegStreams.main(format, auxiliaryTracks.orElse(Set.of()))
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        VideoReader.EXPECTED
                            + ", but "
                            + file
                            + " holds no images that move; it is something else, or truncated"));
    int width = stream.codecpar().width();
    int height = stream.codecpar().height();
    if (width == 0 || height == 0) {
      throw corrupt(0, "it does not state the size of its frames");
    }
    VideoLimits.requireSize(width, height, file);
    requireWhole();
  }

  /**
   * Fails if one of the samples that FFmpeg knows of is located behind the end of the file. FFmpeg
   * would take a cut between two samples for the end of the video.
   */
  private void requireWhole() {
    if (!format.iformat().name().getString().startsWith("mov")) {
      return; // their indexes are hints
    }
    long size = avio_size(format.pb());
    long claimed = 0;
    for (int i = 0; i < avformat_index_get_entries_count(stream); i++) {
      AVIndexEntry sample = avformat_index_get_entry(stream, i);
      claimed = Math.max(claimed, sample.pos() + sample.size());
    }
    if (size >= 0 && claimed > size) {
      throw new InvalidRequestException(
          file
              + " is a video of at least "
              + claimed
              + " bytes that was truncated to "
              + size
              + "; get it whole");
    }
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

  /** The cropping and the rotation of the frames that the file states. */
  FfmpegSideData sideData() {
    return FfmpegSideData.of(stream.codecpar());
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
        requireWhole(); // those of the later fragments are known by now
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
