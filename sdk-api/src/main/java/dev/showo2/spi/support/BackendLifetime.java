package dev.showo2.spi.support;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.error.internal.JvmShutdown;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * The time between opening and closing of one backend. Calls run side by side under a read lock;
 * closing waits for those in progress, and later calls are refused, so that no call reaches memory
 * that has been freed. Thread-safe.
 *
 * <p>A lifetime that is open when the JVM ends is cancelled: the JVM's end waits for the calls in
 * progress, up to half a minute, and later ones throw {@link CancelledException}, so that no native
 * code runs while the process is taken down.
 *
 * <p>An instance also identifies its backend: tensors and caches belong to a backend if they have
 * its lifetime.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BackendLifetime {

  private final String backend;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final AtomicLong openResources = new AtomicLong();
  private final List<Runnable> onCancel = new CopyOnWriteArrayList<>();
  private final JvmShutdown.Engine ending;
  private volatile boolean cancelled;
  private volatile boolean closed;
  private Runnable release = () -> {};

  /**
   * Begins the lifetime of a backend, which is cancelled at once when the JVM ends.
   *
   * @param backend id of the provider, for messages
   * @throws CancelledException if the JVM is shutting down
   */
  public BackendLifetime(String backend) {
    this(backend, Duration.ZERO);
  }

  /**
   * Begins the lifetime of a backend.
   *
   * @param backend id of the provider, for messages
   * @param shutdownGrace how long calls go on once the JVM has begun to shut down, as {@link
   *     dev.showo2.spi.BackendConfig#shutdownGrace()} says
   * @throws CancelledException if the JVM is shutting down
   */
  public BackendLifetime(String backend, Duration shutdownGrace) {
    this.backend = Objects.requireNonNull(backend, "backend");
    this.ending = new Ending(Objects.requireNonNull(shutdownGrace, "shutdownGrace"));
    JvmShutdown.ofThisJvm().add(ending);
  }

  private BackendLifetime() {
    this.backend = "none";
    this.ending = new Ending(Duration.ZERO);
  }

  /**
   * Loads an engine's native library, on a thread that nobody interrupts: what a class initializer
   * fails with, it fails with for good. The JVM's end waits for it, so that no file that is being
   * unpacked is left behind.
   *
   * @param <T> type of the result
   * @param load loads the library
   * @return what loading returns
   * @throws CancelledException if the JVM is shutting down; whatever loading throws then is its
   *     cause
   */
  public static <T> T loading(Supplier<T> load) {
    JvmShutdown.Work work = JvmShutdown.work();
    try (work) {
      return Interruptions.uninterrupted(load::get);
    } catch (RuntimeException | LinkageError e) {
      if (JvmShutdown.hasBegun()) {
        throw JvmShutdown.cancelled(e);
      }
      throw e;
    } catch (Exception e) {
      throw new AssertionError("a supplier throws nothing checked", e);
    }
  }

  /** A lifetime without a backend, which nothing ends. */
  static BackendLifetime unbounded() {
    return new BackendLifetime();
  }

  /** The end of this lifetime with the JVM. */
  private final class Ending implements JvmShutdown.Engine {

    private final Duration grace;

    private Ending(Duration grace) {
      this.grace = grace;
    }

    @Override
    public Duration grace() {
      return grace;
    }

    @Override
    public boolean isClosed() {
      return closed;
    }

    @Override
    public void cancel() {
      cancelled = true;
      onCancel.forEach(Runnable::run);
    }

    @Override
    public void awaitCalls(Duration patience) throws InterruptedException {
      if (lock.writeLock().tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        lock.writeLock().unlock();
      }
    }

    @Override
    public void free() {
      if (lock.writeLock().tryLock()) {
        try {
          closeOnce(release);
        } finally {
          lock.writeLock().unlock();
        }
      }
    }
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
   * @throws CancelledException if the JVM is shutting down
   * @throws InsufficientMemoryException if the call throws {@link OutOfMemoryError}
   */
  public <T> T call(Supplier<T> call) {
    checkCancelled();
    lock.readLock().lock();
    try {
      checkCancelled();
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
   * @throws CancelledException if the JVM is shutting down
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
      closeOnce(release);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void closeOnce(Runnable release) {
    if (!closed) {
      closed = true;
      try {
        release.run();
      } finally {
        JvmShutdown.ofThisJvm().remove(ending);
      }
    }
  }

  /** The end of this lifetime with the JVM; for tests, which cannot end their own. */
  JvmShutdown.Engine ending() {
    return ending;
  }

  /** Sets what frees the backend where it is open when the JVM ends. */
  void releaseAtShutdown(Runnable release) {
    this.release = release;
  }

  /**
   * Adds what ends the calls in progress when the JVM ends, such as the engine's own switch for
   * that. Engines without one need none: the JVM's end waits for their calls.
   *
   * @param action runs on another thread than the calls, at most once; throws nothing
   */
  public void onCancel(Runnable action) {
    onCancel.add(Objects.requireNonNull(action, "action"));
    if (cancelled) {
      action.run();
    }
  }

  /**
   * Tells whether calls end because the JVM is shutting down. The engine's failures of a call that
   * was ended by {@link #onCancel} are a {@link CancelledException} then.
   *
   * @return whether the JVM is shutting down and the grace of this backend is over
   */
  public boolean isCancelled() {
    return cancelled;
  }

  private void checkCancelled() {
    if (cancelled) {
      throw JvmShutdown.cancelled(null);
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
