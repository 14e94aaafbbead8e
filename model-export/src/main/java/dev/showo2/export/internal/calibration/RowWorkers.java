package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.io.InterruptionCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Threads that compute parts of a result. Each part is computed by one thread in one order, so the
 * number of threads changes no value.
 */
final class RowWorkers implements AutoCloseable {

  private final int count;
  private final ExecutorService threads;

  RowWorkers(int count) {
    this.count = count;
    this.threads =
        Executors.newFixedThreadPool(
            count,
            work -> {
              Thread thread = new Thread(work, "showo2-calibration");
              thread.setDaemon(true);
              return thread;
            });
  }

  int count() {
    return count;
  }

  Future<?> start(Runnable work) {
    return threads.submit(work);
  }

  /**
   * Waits for work to end.
   *
   * @throws dev.showo2.error.CancelledException if the waiting thread is interrupted
   */
  static void await(Future<?> work) {
    try {
      work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptionCheck.check();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("a part could not be computed", e.getCause());
    }
  }

  /** Parts that are independent of each other. */
  void forEach(int parts, IntConsumer part) {
    List<Future<?>> started = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      int number = i;
      started.add(start(() -> part.accept(number)));
    }
    started.forEach(RowWorkers::await);
  }

  /** What has been started may still run for a moment; it uses nothing that needs closing. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
