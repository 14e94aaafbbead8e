package dev.showo2.pipeline.internal;

import dev.showo2.error.CancelledException;
import dev.showo2.error.internal.HeapLimit;
import dev.showo2.error.internal.JvmShutdown;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Task;
import java.time.Duration;
import java.util.function.Function;
import org.apiguardian.api.API;

/**
 * The context of a running request: its listener and its cancellation. Used on the thread that runs
 * the request.
 *
 * @param listener receives the callbacks
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record RequestContext(GenerationListener listener) {

  /**
   * Runs a request between the callbacks for its start and its end.
   *
   * @param <T> the type of the result
   * @param model that the request is made to
   * @param task for the callbacks
   * @param listener receives the callbacks
   * @param work computes the result of a request that has been validated
   * @return the result of {@code work}
   * @throws CancelledException if the request is cancelled, its model is closed meanwhile, or the
   *     JVM is shutting down
   * @throws dev.showo2.error.InsufficientMemoryException if the heap has no room for it
   */
  public static <T> T of(
      LoadedModel model, Task task, GenerationListener listener, Function<RequestContext, T> work) {
    boolean open = !model.isClosing();
    try {
      return HeapLimit.guard("the request", () -> run(task, listener, work));
    } catch (IllegalStateException e) {
      if (open && model.isClosing()) {
        throw new CancelledException(
            "the request was cut off: its model was closed while it ran", e);
      }
      throw e;
    }
  }

  private static <T> T run(
      Task task, GenerationListener listener, Function<RequestContext, T> work) {
    RequestContext run = new RequestContext(listener);
    run.check();
    // The JVM's end waits for the request to return, which its backend's calls then do.
    JvmShutdown.Work request = JvmShutdown.ofThisJvm().begin(() -> {});
    try (request) {
      long start = System.nanoTime();
      listener.started(task);
      run.check();
      T result = work.apply(run);
      listener.finished(task, Duration.ofNanos(System.nanoTime() - start));
      return result;
    }
  }

  /**
   * Checks for cancellation; called before every long computation.
   *
   * @throws CancelledException if the listener or an interrupt cancels the request
   */
  public void check() {
    if (Thread.currentThread().isInterrupted()) {
      // The flag stays set: it belongs to the owner of the thread.
      throw new CancelledException("the request was cancelled: its thread was interrupted");
    }
    if (listener.cancelled()) {
      throw new CancelledException("the request was cancelled");
    }
  }
}
