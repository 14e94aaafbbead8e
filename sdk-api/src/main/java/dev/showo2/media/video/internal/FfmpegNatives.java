package dev.showo2.media.video.internal;

import static org.bytedeco.ffmpeg.global.avcodec.LIBAVCODEC_VERSION_MAJOR;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_version;
import static org.bytedeco.ffmpeg.global.avformat.avformat_version;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_INFO;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_get_level;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;
import static org.bytedeco.ffmpeg.global.swscale.swscale_version;

import dev.showo2.error.internal.Interruptions;
import dev.showo2.error.internal.JvmShutdown;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/** Loads FFmpeg's libraries. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FfmpegNatives {

  /** More threads for one video would take the processors from the rest of the program. */
  public static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

  private FfmpegNatives() {}

  /**
   * Loads the libraries and checks their version.
   *
   * @throws LinkageError if the libraries are missing
   * @throws IllegalStateException if their version has other structures in memory
   * @throws dev.showo2.error.CancelledException if the JVM is shutting down
   */
  public static void load() {
    // JavaCPP unpacks them on first use: the JVM's end waits until the files are complete.
    JvmShutdown.Work loading = JvmShutdown.work();
    try (loading) {
      Interruptions.uninterrupted(FfmpegNatives::loadOnce);
    }
  }

  private static void loadOnce() {
    int found = avcodec_version() >>> 16;
    // The constant is inlined when this class is compiled.
    if (found != LIBAVCODEC_VERSION_MAJOR) {
      throw new IllegalStateException(
          "libavcodec " + LIBAVCODEC_VERSION_MAJOR + " is needed, found " + found);
    }
    // Loaded here, so that missing libraries are found here.
    if (avformat_version() == 0 || swscale_version() == 0) {
      throw new IllegalStateException("FFmpeg does not tell its version");
    }
    // The level is one for the whole process. A program that has chosen one keeps it.
    if (av_log_get_level() == AV_LOG_INFO) {
      av_log_set_level(AV_LOG_QUIET);
    }
  }

  /**
   * Looks up FFmpeg's message for one of its error codes.
   *
   * @param code below 0
   * @return the message
   */
  public static String text(int code) {
    byte[] text = new byte[256];
    av_strerror(code, text, text.length);
    int length = IntStream.range(0, text.length).filter(i -> text[i] == 0).findFirst().orElse(0);
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }
}
