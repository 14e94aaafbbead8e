package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Versions and Maven coordinates of JavaCPP's artifacts, found without loading a class of them. */
final class JavacppArtifacts {

  private static final String UNKNOWN = "VERSION";

  private JavacppArtifacts() {}

  /** The version of an artifact on the class path; a placeholder if it does not tell. */
  static String version(String artifact) {
    String path = "META-INF/maven/org.bytedeco/" + artifact + "/pom.properties";
    try (InputStream stream = JavacppArtifacts.class.getClassLoader().getResourceAsStream(path)) {
      if (stream == null) {
        return UNKNOWN;
      }
      Properties properties = new Properties();
      properties.load(stream);
      return properties.getProperty("version", UNKNOWN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Coordinates of the Java classes. */
  static String classes(String artifact) {
    return "org.bytedeco:" + artifact + ":" + version(artifact);
  }

  /** Coordinates of the native part. */
  static String natives(String artifact) {
    return classes(artifact) + ":" + platform();
  }

  /** The classifier of this machine's artifacts. */
  static String platform() {
    return isArm() ? "linux-arm64" : "linux-x86_64";
  }

  static boolean isArm() {
    return System.getProperty("os.arch").equals("aarch64");
  }
}
