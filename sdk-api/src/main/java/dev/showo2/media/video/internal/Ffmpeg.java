package dev.showo2.media.video.internal;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.error.internal.JvmShutdown;
import dev.showo2.natives.internal.NativeLoading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Properties;
import org.apiguardian.api.API;

/**
 * The check for FFmpeg, which is optional. This class can be used without it; the other classes
 * with the prefix {@code Ffmpeg} only after {@link #require} has returned.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Ffmpeg {

  /** For videos: what needs no FFmpeg. */
  public static final String INSTEAD_OF_VIDEOS =
      "or use an animated GIF or a folder of images, which do without";

  private static final String VERSIONS = "/dev/showo2/media/video/ffmpeg.properties";

  private static final Throwable MISSING = load();

  private Ffmpeg() {}

  private static Throwable load() {
    try {
      JavacppMemoryLimit.lift();
      FfmpegNatives.load();
      return null;
    } catch (LinkageError | RuntimeException | OutOfMemoryError e) {
      return e;
    }
  }

  /**
   * Fails unless FFmpeg can be used.
   *
   * @param what is to be done, for the message
   * @param instead the way without FFmpeg, for the message
   * @throws UnsupportedFeatureException if FFmpeg is absent or of another version, or cannot be
   *     unpacked; the message names the artifacts to add, or what to do
   * @throws InsufficientMemoryException if the process exceeds JavaCPP's memory limit
   * @throws CancelledException if the JVM is shutting down
   */
  public static void require(String what, String instead) {
    if (MISSING instanceof OutOfMemoryError) {
      throw new InsufficientMemoryException(
          what
              + " takes FFmpeg, which was refused memory ("
              + MISSING.getMessage()
              + "); start Java with -D"
              + JavacppMemoryLimit.PROPERTY
              + "=0, which lifts that limit",
          MISSING);
    }
    if (MISSING instanceof CancelledException) {
      throw JvmShutdown.cancelled(MISSING);
    }
    if (MISSING != null && isThere(MISSING)) {
      throw new UnsupportedFeatureException(
          what
              + " takes FFmpeg, whose libraries cannot be unpacked and loaded ("
              + NativeLoading.reason(MISSING)
              + "); name a folder that this user can write to and whose files may be run with"
              + " -Dorg.bytedeco.javacpp.cachedir=FOLDER, "
              + instead,
          MISSING);
    }
    if (MISSING != null) {
      Properties versions = versions();
      String ffmpeg = "org.bytedeco:ffmpeg:" + versions.getProperty("ffmpeg");
      String javacpp = "org.bytedeco:javacpp:" + versions.getProperty("javacpp");
      String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
      throw new UnsupportedFeatureException(
          what
              + " takes FFmpeg, which cannot be loaded ("
              + MISSING
              + "); add "
              + ffmpeg
              + " and, with the classifier "
              + platform
              + ", "
              + ffmpeg
              + " and "
              + javacpp
              + " to the class path, "
              + instead,
          MISSING);
    }
  }

  /** Whether FFmpeg is on the class path with the native parts of this platform. */
  private static boolean isThere(Throwable failure) {
    return failure instanceof UnsatisfiedLinkError
        && !NativeLoading.reason(failure).startsWith("Could not find");
  }

  /**
   * Finds the classifier of Bytedeco's artifacts for a platform.
   *
   * @param system as in the system property {@code os.name}
   * @param processor as in the system property {@code os.arch}
   * @return the classifier
   */
  public static String platform(String system, String processor) {
    String name = system.toLowerCase(Locale.ROOT);
    String family =
        name.startsWith("windows") ? "windows" : name.startsWith("mac") ? "macosx" : "linux";
    String bits = processor.equals("amd64") ? "x86_64" : processor;
    return family + "-" + (bits.equals("aarch64") ? "arm64" : bits);
  }

  private static Properties versions() {
    Properties versions = new Properties();
    try (InputStream input = Ffmpeg.class.getResourceAsStream(VERSIONS)) {
      versions.load(input);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + VERSIONS, e);
    }
    return versions;
  }

  /**
   * Lifts a limit of JavaCPP, through which FFmpeg is called.
   *
   * <p>JavaCPP refuses every allocation, even of the constants for loading FFmpeg, while the
   * process takes more than four times the heap's limit. That guards against uncollected garbage,
   * but a large model next to a small heap exceeds it. The limit can only be set by a system
   * property, which is read once. A library must not leave global properties behind, so it is set
   * for the duration of that alone. A limit that the user has set stays, and so does that of a
   * program which has used JavaCPP before.
   */
  @API(status = API.Status.INTERNAL, since = "0.1")
  public static final class JavacppMemoryLimit {

    /** The system property that sets the limit in bytes; 0 is none. */
    public static final String PROPERTY = "org.bytedeco.javacpp.maxPhysicalBytes";

    private static final String OLD_SPELLING = "org.bytedeco.javacpp.maxphysicalbytes";
    private static final String NONE = "0";

    private JavacppMemoryLimit() {}

    /** Lifts the limit; has no effect where JavaCPP is absent. */
    public static void lift() {
      Properties properties = System.getProperties();
      boolean ours =
          !properties.containsKey(OLD_SPELLING) && properties.putIfAbsent(PROPERTY, NONE) == null;
      try {
        Class.forName("org.bytedeco.javacpp.Pointer");
      } catch (ClassNotFoundException e) {
        // Reported when FFmpeg is needed.
      } finally {
        if (ours) {
          // With its value, so that one that the user has changed meanwhile stays.
          properties.remove(PROPERTY, NONE);
        }
      }
    }
  }
}
