package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.showo2.error.InvalidModelException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Asserts that a reader reads or refuses untrusted bytes, in memory proportional to them. */
public final class UntrustedInput {

  /** For messages, buffers of fixed size and what instrumentation takes. */
  private static final long FIXED_BYTES = 3 << 20;

  /** An empty object takes some 100 bytes and can be written in one or two. */
  private static final long BYTES_PER_BYTE = 512;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private UntrustedInput() {}

  /**
   * Reads, and asserts that the memory taken is in proportion to the input.
   *
   * @param length of the input
   * @param reading called again if it took too much, because the first time it loads classes
   * @return what was read; empty if it was refused
   */
  public static <T> Optional<T> readOrRefuse(long length, Callable<T> reading) throws Exception {
    long limit = FIXED_BYTES + BYTES_PER_BYTE * length;
    long start = allocated();
    Optional<T> result = resultOf(reading);
    if (allocated() - start <= limit) {
      return result;
    }
    if (result.orElse(null) instanceof AutoCloseable first) {
      first.close();
    }
    long restart = allocated();
    result = resultOf(reading);
    long taken = allocated() - restart;
    assertTrue(taken <= limit, () -> taken + " bytes of memory were taken to read " + length);
    return result;
  }

  /** Writes over a file; emptied first, as is usual, it would take ext4 many times as long. */
  public static void overwrite(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.truncate(bytes.length);
    }
  }

  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  private static <T> Optional<T> resultOf(Callable<T> reading) throws Exception {
    try {
      return Optional.of(reading.call());
    } catch (InvalidModelException e) {
      assertFalse(e.getMessage().isBlank(), "a refusal says why");
      return Optional.empty();
    }
  }
}
