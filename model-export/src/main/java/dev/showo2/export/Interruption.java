package dev.showo2.export;

import dev.showo2.error.CancelledException;
import java.nio.channels.ClosedByInterruptException;

/** Ends an export whose thread was interrupted, in whatever way that shows. */
final class Interruption {

  private static final String MESSAGE = "the export was interrupted; no bundle was written";

  private Interruption() {}

  /**
   * @throws CancelledException if the thread was interrupted; it stays so
   */
  static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException(MESSAGE);
    }
  }

  /**
   * Channels of an interrupted thread close under whoever uses them, and that is reported as a
   * failure to read or write.
   *
   * @throws CancelledException if the failure comes from an interruption
   */
  static void checkCause(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClosedByInterruptException) {
        throw new CancelledException(MESSAGE, failure);
      }
    }
  }
}
