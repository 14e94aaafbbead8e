package dev.showo2.conformance.internal.check.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The open files, threads and memory of this process, as far as the system shows them. */
final class ProcessState {

  private static final Path SELF = Path.of("/proc/self");
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  /** Threads of the JVM, which come and go; systems cut names after fifteen characters. */
  private static final Set<String> OF_THE_JVM =
      Set.of(
          "GC Thread",
          "G1 ",
          "C1 ",
          "C2 ",
          "VM ",
          "Common-Cleaner",
          "process reaper",
          "ForkJoinPool.co");

  private static final Path MAPPINGS = Path.of("/proc/self/smaps");

  /** Buffers are freed a little after the collector found that nobody holds them any more. */
  private static final int SAMPLES = 60;

  private static final int QUIET_SAMPLES = 6;
  private static final int READINGS = 20;
  private static final long PAUSE_NANOS = 50_000_000;

  private ProcessState() {}

  /** Whether the system shows open files and native threads. */
  static boolean isShown() {
    return Files.isDirectory(SELF.resolve("fd"));
  }

  /** What is open: a path, or such as {@code socket:[123]}. */
  static List<String> files() {
    return read("fd", entry -> Files.readSymbolicLink(entry).toString());
  }

  /** Names of all threads, native ones too where the system shows them. */
  static List<String> threads() {
    Stream<String> names =
        isShown()
            ? read("task", entry -> Files.readString(entry.resolve("comm")).strip()).stream()
            : Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
    return names.filter(name -> OF_THE_JVM.stream().noneMatch(name::startsWith)).toList();
  }

  /** Files of a folder that are mapped into memory; of Java's mappings, those still in use. */
  static List<String> mapped(Path folder) {
    return added(
        () -> {
          System.gc();
          try {
            return isShown()
                ? Files.readAllLines(SELF.resolve("maps")).stream()
                    .filter(line -> line.contains(folder.toString()))
                    .map(line -> line.substring(line.indexOf('/')))
                    .toList()
                : List.of();
          } catch (IOException e) {
            return List.of();
          }
        },
        List.of(),
        1);
  }

  private interface Entry {
    String describe(Path path) throws IOException;
  }

  private static List<String> read(String folder, Entry entry) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(SELF.resolve(folder))) {
      for (Path each : (Iterable<Path>) entries::iterator) {
        try {
          found.add(entry.describe(each));
        } catch (IOException e) {
          // It ended while we were looking.
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    return found;
  }

  /** What is there after a while and was not there before; what is ending may end. */
  static List<String> added(Supplier<List<String>> state, List<String> before, int fewerThan) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      List<String> added = new ArrayList<>(state.get());
      before.forEach(added::remove);
      if (added.size() < fewerThan || System.nanoTime() > deadline) {
        return added;
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  /**
   * Mappings that follow each other without a gap.
   *
   * @param bytes that are there and in no file
   */
  private record Row(long start, long end, long bytes) {}

  /**
   * The memory that this process has beside the Java heap, in bytes, once it does not shrink any
   * more; empty if the system does not show it. The system lists it mapping by mapping; the heap is
   * the first row of mappings that is as long as the heap may grow. Sums that the system or the JVM
   * offers would not do: much of a heap may be reserved and not there.
   */
  static OptionalLong memoryOutsideHeap() throws IOException {
    if (!Files.isReadable(MAPPINGS)) {
      return OptionalLong.empty();
    }
    System.gc();
    OptionalLong least = now();
    for (int sample = 0, quiet = 0; sample < SAMPLES && quiet < QUIET_SAMPLES; sample++) {
      LockSupport.parkNanos(PAUSE_NANOS);
      OptionalLong found = now();
      if (found.isEmpty() || least.isEmpty()) {
        return OptionalLong.empty();
      }
      quiet = found.getAsLong() < least.getAsLong() ? 0 : quiet + 1;
      least = OptionalLong.of(Math.min(found.getAsLong(), least.getAsLong()));
    }
    return least;
  }

  /** Mappings that change while they are listed may leave a gap in the heap: then once more. */
  private static OptionalLong now() throws IOException {
    long heap = Runtime.getRuntime().maxMemory();
    for (int reading = 0; reading < READINGS; reading++) {
      List<Row> rows = rows(Files.readAllLines(MAPPINGS));
      for (Row row : rows) {
        if (row.end - row.start >= heap) {
          return OptionalLong.of(rows.stream().mapToLong(Row::bytes).sum() - row.bytes);
        }
      }
    }
    return OptionalLong.empty();
  }

  private static List<Row> rows(List<String> lines) {
    List<Row> rows = new ArrayList<>();
    Row row = new Row(0, 0, 0);
    for (String line : lines) {
      String[] fields = line.split(" +");
      if (!fields[0].endsWith(":")) {
        // Such as "7f00-7f10 rw-p 0000 00:00 0".
        String[] ends = fields[0].split("-");
        long start = Long.parseUnsignedLong(ends[0], 16);
        if (start != row.end) {
          rows.add(row);
          row = new Row(start, start, 0);
        }
        row = new Row(row.start, Long.parseUnsignedLong(ends[1], 16), row.bytes);
      } else if (fields[0].equals("Anonymous:")) {
        row = new Row(row.start, row.end, row.bytes + (Long.parseLong(fields[1]) << 10));
      }
    }
    rows.add(row);
    return rows;
  }
}
