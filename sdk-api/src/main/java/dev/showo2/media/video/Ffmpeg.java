package dev.showo2.media.video;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.UnsupportedFeatureException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Properties;

/**
 * Whether FFmpeg is there. This class can be used where it is not; the others whose names begin
 * like this one's only after {@link #require} has come back.
 */
final class Ffmpeg {

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
   * @param what is to be done, for the message
   * @throws UnsupportedFeatureException if FFmpeg is absent or of another version, with the
   *     artifacts to add
   * @throws InsufficientMemoryException if JavaCPP has a limit that the process is beyond
   */
  static void require(String what) {
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
              + " to the class path, or use an animated GIF or a folder of images, which do without",
          MISSING);
    }
  }

  /** As the artifacts of Bytedeco call them. */
  static String platform(String system, String processor) {
    String name = system.toLowerCase(Locale.ROOT);
    String family =
        name.startsWith("windows") ? "windows" : name.startsWith("mac") ? "macosx" : "linux";
    String bits = processor.equals("amd64") ? "x86_64" : processor;
    return family + "-" + (bits.equals("aarch64") ? "arm64" : bits);
  }

  private static Properties versions() {
    Properties versions = new Properties();
    try (InputStream input = Ffmpeg.class.getResourceAsStream("ffmpeg.properties")) {
      versions.load(input);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read ffmpeg.properties beside this class", e);
    }
    return versions;
  }

  /**
   * Lifts a limit of JavaCPP, through which FFmpeg is called.
   *
   * <p>It refuses to allocate anything, even the constants that it makes while it loads FFmpeg, as
   * soon as the process takes more than four times the heap's limit. That is meant against garbage
   * which is not collected, but a large model beside a small heap goes far beyond it. The limit can
   * only be set by a system property, which is read once. A library inside someone else's program
   * must not leave global properties behind, so it is set for the duration of that alone. A limit
   * that the user has set stays, and so does that of a program which has used JavaCPP before.
   */
  static final class JavacppMemoryLimit {

    static final String PROPERTY = "org.bytedeco.javacpp.maxPhysicalBytes";

    private static final String OLD_SPELLING = "org.bytedeco.javacpp.maxphysicalbytes";
    private static final String NONE = "0";

    private JavacppMemoryLimit() {}

    /** Does nothing where JavaCPP is absent. */
    static void lift() {
      Properties properties = System.getProperties();
      boolean ours =
          !properties.containsKey(OLD_SPELLING) && properties.putIfAbsent(PROPERTY, NONE) == null;
      try {
        Class.forName("org.bytedeco.javacpp.Pointer");
      } catch (ClassNotFoundException e) {
        // Whoever needs it will say so.
      } finally {
        if (ours) {
          // With its value, so that one which the user has changed meanwhile stays.
          properties.remove(PROPERTY, NONE);
        }
      }
    }
  }
}
