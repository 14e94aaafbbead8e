package dev.showo2.conformance.internal.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apiguardian.api.API;

/** Work of concurrent threads that begin at once. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ConcurrentRun {

  /** With which the names of its threads begin. */
  public static final String NAME = "showo2-conformance-";

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int STACK_LINES = 12;

  private ConcurrentRun() {}

  /**
   * @return the results, in the order of the work
   * @throws AssertionError if a thread fails, or hangs: which, and where
   */
  public static <T> List<T> run(List<Callable<T>> works) throws InterruptedException {
    return run(works, PATIENCE);
  }

  /**
   * @param patience with all of the work together
   */
  public static <T> List<T> run(List<Callable<T>> works, Duration patience)
      throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    List<FutureTask<T>> tasks = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (Callable<T> work : works) {
      FutureTask<T> task =
          new FutureTask<>(
              () -> {
                start.await();
                return work.call();
              });
      Thread thread = new Thread(task, NAME + tasks.size());
      // One that hangs must not keep the JVM from ending.
      thread.setDaemon(true);
      thread.start();
      tasks.add(task);
      threads.add(thread);
    }
    start.countDown();
    long deadline = System.nanoTime() + patience.toNanos();
    List<T> results = new ArrayList<>();
    AssertionError failure = null;
    for (int i = 0; i < tasks.size(); i++) {
      try {
        results.add(result(tasks.get(i), threads.get(i), deadline));
      } catch (ExecutionException e) {
        // The others shall be done too before anybody closes what they work with.
        failure = failure == null ? failed(e.getCause()) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  private static AssertionError failed(Throwable cause) {
    return new AssertionError("one of the concurrent threads failed with " + cause, cause);
  }

  private static <T> T result(FutureTask<T> task, Thread thread, long deadline)
      throws InterruptedException, ExecutionException {
    try {
      return task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      List<StackTraceElement> stack = Arrays.asList(thread.getStackTrace());
      throw new AssertionError(
          "one of the concurrent threads is not done in time; look for locks: it is at "
              + stack.subList(0, Math.min(STACK_LINES, stack.size())),
          e);
    }
  }
}
