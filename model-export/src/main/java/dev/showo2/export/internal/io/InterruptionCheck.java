package dev.showo2.export.internal.io;

import dev.showo2.error.CancelledException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.error.internal.JvmShutdown;
import org.apiguardian.api.API;

/** Ends writing whose thread was interrupted, in whatever way that shows. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class InterruptionCheck {

  private static final String MESSAGE = "interrupted; nothing of the result was kept";

  private InterruptionCheck() {}

  /**
   * @throws CancelledException if the thread was interrupted, which it stays, or the JVM is
   *     shutting down
   */
  public static void check() {
    JvmShutdown.check();
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
  public static void checkCause(Exception failure) {
    if (Interruptions.caused(failure)) {
      throw new CancelledException(MESSAGE, failure);
    }
  }
}
