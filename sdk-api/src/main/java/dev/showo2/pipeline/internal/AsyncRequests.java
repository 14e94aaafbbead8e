package dev.showo2.pipeline.internal;

import dev.showo2.error.CancelledException;
import dev.showo2.pipeline.Cancellation;
import dev.showo2.pipeline.GenerationListener;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apiguardian.api.API;

/**
 * Requests that run on an executor and complete a future. Whatever completes the future from
 * outside, such as {@code cancel} or {@code orTimeout}, cancels its request.
 *
 * <p>Thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class AsyncRequests implements AutoCloseable {

  private static final int IDLE_SECONDS = 10;

  private final Executor executor;
  private final Set<Request<?>> unfinished = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private final Optional<Scheduler> limit;

  private AsyncRequests(Executor executor) {
    this(executor, Optional.empty());
  }

  private AsyncRequests(Executor executor, Optional<Scheduler> limit) {
    this.executor = Objects.requireNonNull(executor, "executor");
    this.limit = limit;
  }

  /**
   * Runs requests on an executor of the caller, which stays the caller's to shut down.
   *
   * @param executor runs as many requests at once as it has threads
   */
  public static AsyncRequests on(Executor executor) {
    return new AsyncRequests(executor);
  }

  /** Runs requests one after the other on a daemon thread, which is there while it has work. */
  public static AsyncRequests onOwnThread() {
    ThreadPoolExecutor single = daemonThreads(1, 1, new LinkedBlockingQueue<>());
    single.allowCoreThreadTimeOut(true);
    return new AsyncRequests(single);
  }

  /**
   * Runs each request on a daemon thread of its own, so that a scheduler can let them take turns.
   *
   * @param scheduler says how many there are at most; the future of one more fails with {@link
   *     dev.showo2.error.OverloadedException}
   */
  public static AsyncRequests onOwnThreads(Scheduler scheduler) {
    return new AsyncRequests(
        daemonThreads(0, Integer.MAX_VALUE, new SynchronousQueue<>()), Optional.of(scheduler));
  }

  private static ThreadPoolExecutor daemonThreads(
      int core, int most, BlockingQueue<Runnable> queue) {
    return new ThreadPoolExecutor(
        core,
        most,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        queue,
        work -> {
          Thread thread = new Thread(work, "showo2-requests");
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Starts a request.
   *
   * @param listener called on the executor's thread
   * @param call runs the request with the listener that it is given, which also cancels it
   * @return completes with what the call returns, or with the exception that it throws, unwrapped
   */
  public <T> CompletableFuture<T> start(
      GenerationListener listener, Function<GenerationListener, T> call) {
    Objects.requireNonNull(listener, "listener");
    Request<T> request = new Request<>(listener, call);
    unfinished.add(request);
    request.future.whenComplete((result, failure) -> request.cancel());
    try {
      if (closed) {
        request.reject(new IllegalStateException("the model is closed"));
      } else if (limit.isPresent() && unfinished.size() > limit.get().mostPlaces()) {
        request.reject(limit.get().overloaded());
      } else {
        executor.execute(request);
      }
    } catch (RejectedExecutionException e) {
      request.reject(e);
    }
    return request.future;
  }

  /**
   * Cancels what has not finished, and returns once no request runs any more. Called by a request
   * or by what follows on its future, it does not wait for that request.
   */
  @Override
  public void close() {
    closed = true;
    unfinished.forEach(Request::cancel);
    boolean interrupted = false;
    for (Request<?> request : unfinished) {
      interrupted |= request.awaitEnd();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Request<T> implements Runnable {

    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final Cancellation cancellation = new Cancellation();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final GenerationListener listener;
    private final Function<GenerationListener, T> call;
    private Thread runner;

    Request(GenerationListener listener, Function<GenerationListener, T> call) {
      this.listener = listener;
      this.call = call;
    }

    @Override
    public void run() {
      if (!begin()) {
        return;
      }
      T result;
      try {
        result = call.apply(cancellation.wrap(listener));
      } catch (Throwable e) {
        end();
        future.completeExceptionally(e);
        return;
      }
      end();
      future.complete(result);
    }

    private synchronized boolean begin() {
      if (ended.getCount() == 0) {
        return false;
      }
      runner = Thread.currentThread();
      return true;
    }

    /** Before the future completes, so that what follows on it may close the model. */
    private void end() {
      unfinished.remove(this);
      ended.countDown();
    }

    /** Ends a request that runs before its next step, and one that waits at once. */
    void cancel() {
      cancellation.cancel();
      reject(new CancelledException("the request was cancelled"));
    }

    /** Ends a request that does not run. */
    void reject(RuntimeException failure) {
      synchronized (this) {
        if (runner != null) {
          return;
        }
        end();
      }
      future.completeExceptionally(failure);
    }

    /** Returns whether the thread was interrupted meanwhile. */
    boolean awaitEnd() {
      synchronized (this) {
        if (runner == Thread.currentThread()) {
          return false;
        }
      }
      boolean interrupted = false;
      while (true) {
        try {
          ended.await();
          return interrupted;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
  }
}
