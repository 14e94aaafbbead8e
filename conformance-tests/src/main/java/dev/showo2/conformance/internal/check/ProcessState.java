package dev.showo2.conformance.internal.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The files that this process has open, and its threads, as far as the system shows them. */
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
}
