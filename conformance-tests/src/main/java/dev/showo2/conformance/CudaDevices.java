package dev.showo2.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Whether there is a GPU that NVIDIA's driver serves, told without loading anything native. */
final class CudaDevices {

  private CudaDevices() {}

  static boolean present() {
    String windows = System.getenv("SystemRoot");
    return windows == null
        ? Files.exists(Path.of("/dev/dxg")) || anyUnder(Path.of("/dev"))
        : Files.exists(Path.of(windows, "System32", "nvcuda.dll"));
  }

  private static boolean anyUnder(Path devices) {
    if (!Files.isDirectory(devices)) {
      return false;
    }
    try (Stream<Path> names = Files.list(devices)) {
      return names.anyMatch(name -> name.getFileName().toString().matches("nvidia\\d+"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
