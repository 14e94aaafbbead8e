package dev.showo2.pipeline.internal;

import dev.showo2.error.CancelledException;
import dev.showo2.error.internal.HeapLimit;
import dev.showo2.error.internal.JvmShutdown;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Task;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apiguardian.api.API;

/**
 * The context of a running request: its listener, its cancellation and its turns. Used on the
 * thread that runs the request.
 *
 * @param listener receives the callbacks
 * @param turn waits until the request may compute; called at each check
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record RequestContext(GenerationListener listener, Runnable turn) {

  /**
   * A request that takes no turns with others.
   *
   * @param listener receives the callbacks
   */
  public RequestContext(GenerationListener listener) {
    this(listener, () -> {});
  }

  /**
   * Runs a request between the callbacks for its start and its end.
   *
   * @param <T> the type of the result
   * @param model that the request is made to
   * @param task for the callbacks
   * @param listener receives the callbacks
   * @param bytes that the request holds between its steps, about; see {@link RequestMemory}
   * @param work computes the result of a request that has been validated
   * @return the result of {@code work}
   * @throws dev.showo2.error.OverloadedException if the model's scheduling has no place for it
   * @throws CancelledException if the request is cancelled, its model is closed meanwhile, or the
   *     JVM is shutting down
   * @throws dev.showo2.error.InsufficientMemoryException if the heap has no room for it
   */
  public static <T> T of(
      LoadedModel model,
      Task task,
      GenerationListener listener,
      long bytes,
      Function<RequestContext, T> work) {
    boolean open = !model.isClosing();
    try {
      return HeapLimit.guard("the request", () -> scheduled(model, task, listener, bytes, work));
    } catch (IllegalStateException e) {
      if (open && model.isClosing()) {
        throw new CancelledException(
            "the request was cut off: its model was closed while it ran", e);
      }
      throw e;
    }
  }

  private static <T> T scheduled(
      LoadedModel model,
      Task task,
      GenerationListener listener,
      long bytes,
      Function<RequestContext, T> work) {
    RequestContext alone = new RequestContext(listener);
    alone.check();
    if (model.scheduler().isEmpty()) {
      return run(task, alone, work);
    }
    Optional<Scheduler.Place> place =
        model.scheduler().get().enter(model.client(), bytes, alone::check);
    if (place.isEmpty()) {
      return run(task, alone, work);
    }
    try (Scheduler.Place own = place.get()) {
      return run(task, new RequestContext(listener, own::turn), work);
    }
  }

  private static <T> T run(Task task, RequestContext run, Function<RequestContext, T> work) {
    GenerationListener listener = run.listener();
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
   * Checks for cancellation and lets other requests take their turn; called before every long
   * computation.
   *
   * @throws CancelledException if the listener or an interrupt cancels the request
   */
  public void check() {
    requireGoingOn();
    turn.run();
  }

  private void requireGoingOn() {
    if (Thread.currentThread().isInterrupted()) {
      // The flag stays set: it belongs to the owner of the thread.
      throw new CancelledException("the request was cancelled: its thread was interrupted");
    }
    if (listener.cancelled()) {
      throw new CancelledException("the request was cancelled");
    }
  }
}
