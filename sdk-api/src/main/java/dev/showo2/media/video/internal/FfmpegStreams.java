package dev.showo2.media.video.internal;

import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEFAULT;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEPENDENT;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_TIMED_THUMBNAILS;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;

/** Finds the stream of a file that players show. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FfmpegStreams {

  private static final int NO_VIDEO =
      AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS | AV_DISPOSITION_DEPENDENT;

  private FfmpegStreams() {}

  /**
   * Finds the video of a file: of those that the file enables the largest, else the largest of all.
   * Cover images, thumbnails, tiles and the still images of an animation are none.
   *
   * @param format an open file
   * @param auxiliary ids of streams with alpha, depth and the like
   * @return the stream; empty if there is none
   */
  public static Optional<AVStream> main(AVFormatContext format, Set<Integer> auxiliary) {
    AVStream best = null;
    for (int i = 0; i < format.nb_streams(); i++) {
      AVStream stream = format.streams(i);
      if (isVideo(stream) && !auxiliary.contains(stream.id()) && isBetter(stream, best)) {
        best = stream;
      }
    }
    return Optional.ofNullable(best);
  }

  private static boolean isVideo(AVStream stream) {
    // FFmpeg gives the still images of AVIF and HEIC one frame without a duration.
    boolean still = stream.nb_frames() == 1 && stream.duration() == AV_NOPTS_VALUE;
    return stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
        && (stream.disposition() & NO_VIDEO) == 0
        && !still;
  }

  private static boolean isBetter(AVStream stream, AVStream best) {
    if (best == null) {
      return true;
    }
    int enabled = stream.disposition() & AV_DISPOSITION_DEFAULT;
    int bestEnabled = best.disposition() & AV_DISPOSITION_DEFAULT;
    return enabled != bestEnabled ? enabled > bestEnabled : pixels(stream) > pixels(best);
  }

  private static long pixels(AVStream stream) {
    return (long) stream.codecpar().width() * stream.codecpar().height();
  }
}
