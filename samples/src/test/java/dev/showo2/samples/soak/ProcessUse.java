package dev.showo2.samples.soak;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The resources that this process holds at an instant, as Linux counts them.
 *
 * @param residentMib memory, that of native code included
 * @param files that are open
 * @param threads of Java and of native code
 * @param heapMib objects, garbage included
 */
record ProcessUse(long residentMib, long files, long threads, long heapMib) {

  private static final Path PROCESS = Path.of("/proc/self");

  static ProcessUse now() throws IOException {
    List<String> status = Files.readAllLines(PROCESS.resolve("status"));
    try (Stream<Path> files = Files.list(PROCESS.resolve("fd"))) {
      return new ProcessUse(
          number(status, "VmRSS") >> 10,
          files.count(),
          number(status, "Threads"),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
    }
  }

  private static long number(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /** The median of one value, which single peaks do not move. */
  static long median(List<ProcessUse> samples, ToLongFunction<ProcessUse> value) {
    long[] sorted = samples.stream().mapToLong(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
