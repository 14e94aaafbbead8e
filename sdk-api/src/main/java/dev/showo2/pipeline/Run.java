package dev.showo2.pipeline;

import dev.showo2.error.CancelledException;
import java.time.Duration;
import java.util.function.Function;

/** A request on its way: keeps its listener in the picture, and ends where it is cancelled. */
record Run(GenerationListener listener) {

  /**
   * Does the work of a request.
   *
   * @param work gives the result; all that may be wrong with the request has been found before
   */
  static <T> T of(Task task, GenerationListener listener, Function<Run, T> work) {
    Run run = new Run(listener);
    run.check();
    long start = System.nanoTime();
    listener.started(task);
    run.check();
    T result = work.apply(run);
    listener.finished(task, Duration.ofNanos(System.nanoTime() - start));
    return result;
  }

  /**
   * To be called before everything that takes long.
   *
   * @throws CancelledException if the request shall not go on
   */
  void check() {
    if (Thread.currentThread().isInterrupted()) {
      // The flag stays set: it belongs to whoever runs the thread.
      throw new CancelledException("the request was cancelled: its thread was interrupted");
    }
    if (listener.cancelled()) {
      throw new CancelledException("the request was cancelled");
    }
  }
}
