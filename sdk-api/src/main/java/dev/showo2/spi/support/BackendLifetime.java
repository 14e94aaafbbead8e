package dev.showo2.spi.support;

import dev.showo2.error.InsufficientMemoryException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * The time between opening and closing of one backend. Calls run side by side under a read lock;
 * closing waits for those in progress, and later calls are refused, so that no call reaches memory
 * that has been freed. Thread-safe.
 *
 * <p>An instance also identifies its backend: tensors and caches belong to a backend if they have
 * its lifetime.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BackendLifetime {

  private final String backend;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final AtomicLong openResources = new AtomicLong();
  private boolean closed;

  /**
   * Begins the lifetime of a backend.
   *
   * @param backend id of the provider, for messages
   */
  public BackendLifetime(String backend) {
    this.backend = Objects.requireNonNull(backend, "backend");
  }

  /**
   * Returns the id of the provider.
   *
   * @return the id, as it is given in messages
   */
  public String backend() {
    return backend;
  }

  /**
   * Runs a call that closing waits for. Calls may be nested.
   *
   * @param <T> type of the result
   * @param call what is run if the backend is open
   * @return what the call returns
   * @throws IllegalStateException if the backend is closed; the message names it
   * @throws InsufficientMemoryException if the call throws {@link OutOfMemoryError}
   */
  public <T> T call(Supplier<T> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the backend '" + backend + "' is closed");
      }
      return call.get();
    } catch (OutOfMemoryError e) {
      throw EngineFailures.outOfMemory("a call of the backend '" + backend + "'", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Runs a call without a result that closing waits for.
   *
   * @param call what is run if the backend is open
   * @throws IllegalStateException if the backend is closed; the message names it
   * @throws InsufficientMemoryException if the call throws {@link OutOfMemoryError}
   */
  public void run(Runnable call) {
    call(
        () -> {
          call.run();
          return null;
        });
  }

  /**
   * Ends the lifetime: waits for the calls in progress, then frees what the backend holds. A second
   * call does nothing.
   *
   * @param release what frees the resources of the backend; run at most once
   * @throws IllegalStateException if the thread is within a {@link #call} of this backend, for
   *     which it would have to wait
   */
  public void close(Runnable release) {
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          "the backend '" + backend + "' cannot be closed from within one of its calls");
    }
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        release.run();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Counts a resource that has been opened. The abstract classes of this package do so themselves.
   */
  public void resourceOpened() {
    openResources.incrementAndGet();
  }

  /** Counts a resource that has been closed. */
  public void resourceClosed() {
    openResources.decrementAndGet();
  }

  /**
   * Returns the number of tensors, caches, streams and {@linkplain SharedResource shared resources}
   * that are open, for tests that look for leaks.
   *
   * @return resources that were opened and not closed yet
   */
  public long openResources() {
    return openResources.get();
  }
}
