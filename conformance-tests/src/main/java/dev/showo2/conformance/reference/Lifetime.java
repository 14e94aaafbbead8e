package dev.showo2.conformance.reference;

import dev.showo2.error.InsufficientMemoryException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Refuses calls after the backend was closed, and lets closing wait for calls under way. Also
 * counts tensors, caches and streams that somebody still has to close.
 */
final class Lifetime {

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final AtomicLong openHandles = new AtomicLong();
  private boolean closed;

  /**
   * Runs a call that closing must wait for.
   *
   * @throws IllegalStateException if the backend is closed
   * @throws InsufficientMemoryException if the heap has no room for what the call needs
   */
  <T> T whileOpen(Supplier<T> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the reference backend is closed");
      }
      return call.get();
    } catch (OutOfMemoryError e) {
      throw new InsufficientMemoryException(
          "the heap has no room for this computation; it may grow to "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB, give it more with -Xmx",
          e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Runs once, after all uses have ended. */
  void close(Runnable release) {
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

  void handleOpened() {
    openHandles.incrementAndGet();
  }

  void handleClosed() {
    openHandles.decrementAndGet();
  }

  long openHandles() {
    return openHandles.get();
  }
}
