package dev.showo2.samples.cli;

import dev.showo2.samples.demo.DemoModel;
import java.io.IOException;

/**
 * Where FFmpeg's libraries are unpacked: in this program's cache folder and not, as JavaCPP would
 * do, in one of its own in the user's home. A program may set such properties; a library may not.
 */
final class NativeFiles {

  private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";

  private NativeFiles() {}

  /** A place that the user has chosen stays. */
  static void keepInCacheFolder() {
    if (System.getProperty(PROPERTY) == null) {
      try {
        System.setProperty(PROPERTY, DemoModel.cacheFolder().resolve("javacpp").toString());
      } catch (IOException e) {
        // There is none; JavaCPP then finds a temporary folder.
      }
    }
  }
}
