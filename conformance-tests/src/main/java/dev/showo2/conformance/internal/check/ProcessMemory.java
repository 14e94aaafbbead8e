package dev.showo2.conformance.internal.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The memory that this process has beside the Java heap. The system tells it mapping by mapping;
 * the heap is the first row of them that is as long as the heap may grow. Sums that the system or
 * the JVM offer would not do: much of a heap may be reserved and not there.
 */
final class ProcessMemory {

  private static final Path MAPPINGS = Path.of("/proc/self/smaps");

  /** Buffers are freed a little after the collector found that nobody holds them any more. */
  private static final int SAMPLES = 60;

  private static final int QUIET_SAMPLES = 6;
  private static final long PAUSE_NANOS = 50_000_000;

  private ProcessMemory() {}

  /**
   * Mappings that follow each other without a gap.
   *
   * @param bytes that are there and in no file
   */
  private record Row(long start, long end, long bytes) {}

  /** In bytes, once it does not get less any more; empty if the system does not tell. */
  static OptionalLong outsideTheHeap() throws IOException {
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

  private static OptionalLong now() throws IOException {
    List<Row> rows = rows(Files.readAllLines(MAPPINGS));
    long heap = Runtime.getRuntime().maxMemory();
    for (Row row : rows) {
      if (row.end - row.start >= heap) {
        return OptionalLong.of(rows.stream().mapToLong(Row::bytes).sum() - row.bytes);
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
