package dev.showo2.backend.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether the engine's fast products of unsigned and signed bytes are exact. On x86 processors
 * without VNNI they are not: sums of two products are cut off at 16 bits, which changes a few in a
 * hundred values of an 8-bit layer.
 */
final class IntegerProducts {

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final Set<String> X86 = Set.of("amd64", "x86_64", "x86", "i386");
  private static final Set<String> VNNI = Set.of("avx512_vnni", "avx_vnni");

  private IntegerProducts() {}

  /** Of this machine; where nothing says so, they are not taken to be exact. */
  static boolean exact() {
    return exact(System.getProperty("os.arch"), PROCESSOR);
  }

  static boolean exact(String architecture, Path processor) {
    if (!X86.contains(architecture.toLowerCase(Locale.ROOT))) {
      return true;
    }
    try (Stream<String> lines = Files.lines(processor)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(flags -> Stream.of(flags.split("\\s+")).anyMatch(VNNI::contains))
          .orElse(false);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
