package dev.showo2.backend.tensorrt.internal.nvinfer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Folders with artifacts that Maven puts there before the tests, since no test may depend on them.
 */
final class TestFolders {

  private TestFolders() {}

  /** JNI libraries of CUDA and TensorRT for Linux on x86-64, without NVIDIA's own. */
  static Path natives() {
    return existing("tensorrt-natives");
  }

  /** The Java classes of TensorRT 11 and what they stand on. */
  static Path tensorRt11() {
    return existing("tensorrt-11");
  }

  private static Path existing(String name) {
    String module = System.getProperty("basedir", "");
    Path folder = Path.of(module, "target", name);
    assertTrue(
        Files.isDirectory(folder),
        folder.toAbsolutePath()
            + " is filled by: mvn generate-test-resources -pl backend-tensorrt");
    return folder;
  }
}
