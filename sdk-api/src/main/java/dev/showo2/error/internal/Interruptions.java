package dev.showo2.error.internal;

import dev.showo2.error.CancelledException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLockInterruptionException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * Recognizes what an interrupt leaves behind: channels of an interrupted thread close under whoever
 * uses them, and files then seem to be unreadable.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Interruptions {

  private static final String MESSAGE = "cancelled: the thread was interrupted";

  private Interruptions() {}

  /**
   * Ends work between two of its parts.
   *
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
    return caused(failure) ? new CancelledException(MESSAGE, failure) : otherwise.get();
  }

  /**
   * As {@link #uninterrupted(Callable)}, for what has no result.
   *
   * @param call throws nothing checked
   */
  public static void uninterrupted(Runnable call) {
    try {
      uninterrupted(
          () -> {
            call.run();
            return null;
          });
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("a Runnable throws nothing checked", e);
    }
  }

  /**
   * Calls what an interrupt would break for good, such as the initializer of a class that unpacks a
   * native library: on a thread of its own, which nobody interrupts and which has ended when this
   * method returns. It deadlocks within the initializer of the class whose lambda the call is.
   *
   * @param <T> type of the result
   * @param call runs with the caller's context class loader
   * @return what the call returns
   * @throws Exception what the call throws
   */
  public static <T> T uninterrupted(Callable<T> call) throws Exception {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(null, task, "showo2-loading", 0, false);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          // Its result comes before its end; until then it would keep the class loader.
          thread.join();
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw unwrapped(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Exception unwrapped(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return (Exception) failure;
  }
}
