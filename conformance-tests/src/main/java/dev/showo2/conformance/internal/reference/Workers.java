package dev.showo2.conformance.internal.reference;

import java.util.OptionalInt;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Spreads independent rows of a result over threads. Each row is computed by one thread in one
 * order, so the number of threads changes no value.
 */
final class Workers implements AutoCloseable {

  /** Multiplications below which waking other threads takes longer than computing. */
  private static final long WORTHWHILE = 1 << 18;

  private final int threads;
  private final ForkJoinPool pool;

  Workers(OptionalInt threads) {
    this.threads = threads.orElse(Runtime.getRuntime().availableProcessors());
    this.pool = new ForkJoinPool(this.threads);
  }

  /**
   * @param work multiplications of all rows together
   */
  void forEachRow(int rows, long work, IntConsumer row) {
    if (threads == 1 || work < WORTHWHILE) {
      for (int i = 0; i < rows; i++) {
        row.accept(i);
      }
    } else {
      // A stream that is started in a pool stays in it.
      pool.submit(() -> IntStream.range(0, rows).parallel().forEach(row)).join();
    }
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
