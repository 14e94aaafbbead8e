package dev.showo2.pipeline.internal;

import dev.showo2.error.CancelledException;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Task;
import java.time.Duration;
import java.util.function.Function;
import org.apiguardian.api.API;

/** A request on its way: keeps its listener informed, and ends where it is cancelled. */
@API(status = API.Status.INTERNAL, since = "0.1")
public record RequestContext(GenerationListener listener) {

  /**
   * Does the work of a request.
   *
   * @param work gives the result; all that may be wrong with the request has been found before
   */
  public static <T> T of(Task task, GenerationListener listener, Function<RequestContext, T> work) {
    RequestContext run = new RequestContext(listener);
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
  public void check() {
    if (Thread.currentThread().isInterrupted()) {
      // The flag stays set: it belongs to whoever runs the thread.
      throw new CancelledException("the request was cancelled: its thread was interrupted");
    }
    if (listener.cancelled()) {
      throw new CancelledException("the request was cancelled");
    }
  }
}
