package dev.showo2.backend.onnx;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Keeps native code away from what has been freed: closing waits for calls under way, and later
 * calls are refused. Also counts native values, so that tests can see that none is left.
 */
final class Lifetime {

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final AtomicLong openValues = new AtomicLong();
  private boolean closed;

  /**
   * Runs a call that closing must wait for.
   *
   * @throws IllegalStateException if the backend is closed
   */
  <T> T whileOpen(Supplier<T> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the ONNX Runtime backend is closed");
      }
      return call.get();
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

  void valueOpened() {
    openValues.incrementAndGet();
  }

  void valueClosed() {
    openValues.decrementAndGet();
  }

  long openValues() {
    return openValues.get();
  }
}
