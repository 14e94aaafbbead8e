package dev.showo2.media;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.showo2.error.InvalidRequestException;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Asserts that a reader of media files reads or refuses untrusted bytes, in bounded memory. */
public final class UntrustedMedia {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private UntrustedMedia() {}

  /**
   * Reads, and asserts that no more memory is taken than allowed.
   *
   * @param limit in bytes
   * @param reading called again if it took too much, because the first time it loads classes
   * @return the result; empty if the bytes were refused
   */
  public static <T> Optional<T> readOrRefuse(long limit, Callable<T> reading) throws Exception {
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
    assertTrue(taken <= limit, () -> taken + " bytes of memory were taken, allowed are " + limit);
    return result;
  }

  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  private static <T> Optional<T> resultOf(Callable<T> reading) throws Exception {
    try {
      return Optional.of(reading.call());
    } catch (InvalidRequestException e) {
      assertFalse(e.getMessage().isBlank(), "a refusal says why");
      return Optional.empty();
    }
  }
}
