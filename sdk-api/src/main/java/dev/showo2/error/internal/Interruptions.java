package dev.showo2.error.internal;

import dev.showo2.error.CancelledException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLockInterruptionException;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * Recognizes what an interrupt leaves behind: channels of an interrupted thread close under whoever
 * uses them, and files then seem to be unreadable.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Interruptions {

  private Interruptions() {}

  /**
   * Tells whether a failure comes from an interrupt.
   *
   * @param failure with its causes
   * @return whether one of them says so
   */
  public static boolean caused(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClosedByInterruptException
          || cause instanceof FileLockInterruptionException
          || cause instanceof InterruptedException
          || cause instanceof InterruptedIOException
          || cause instanceof ClosedChannelException && Thread.currentThread().isInterrupted()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Translates a failure to read or write.
   *
   * @param failure that was caught
   * @param otherwise makes the exception for one that does not come from an interrupt
   * @return the exception to throw
   */
  public static RuntimeException cancelledOr(
      Exception failure, Supplier<? extends RuntimeException> otherwise) {
    return caused(failure)
        ? new CancelledException("cancelled: the thread was interrupted", failure)
        : otherwise.get();
  }
}
