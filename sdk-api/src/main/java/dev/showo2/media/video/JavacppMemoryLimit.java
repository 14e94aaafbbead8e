package dev.showo2.media.video;

import java.util.Properties;

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
final class JavacppMemoryLimit {

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
