package dev.showo2.natives.internal;

import dev.showo2.error.CancelledException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.internal.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apiguardian.api.API;

/**
 * Named locks of a folder, which threads and processes keep to. Each is a byte of one file, whose
 * position is a hash of the name.
 *
 * <p>A process opens the file once: on Linux, closing any channel of a file gives up all locks that
 * the process has on it. Where several class loaders have this class, one of them may thus take the
 * locks of another; the work is then done twice, and its result is the same.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class CacheLocks implements AutoCloseable {

  private static final String FILE = ".lock";

  /** Nothing tells when another process gives up a lock. */
  private static final long POLL_MILLISECONDS = 50;

  /** By their files; also guards the number of users of each. */
  private static final Map<Path, CacheLocks> OPEN = new HashMap<>();

  private final Path file;
  private final FileChannel channel;
  private final Map<Long, Holders> held = new HashMap<>();
  private int users;

  private CacheLocks(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Those of this process that have one lock. */
  private static final class Holders {

    private final FileLock lock;
    private int count = 1;

    Holders(FileLock lock) {
      this.lock = lock;
    }
  }

  /** A lock that is held until it is closed, also once the locks of its folder are closed. */
  public final class Held implements AutoCloseable {

    private final long position;
    private boolean closed;

    private Held(long position) {
      this.position = position;
    }

    @Override
    public void close() {
      synchronized (CacheLocks.this) {
        if (closed) {
          return;
        }
        closed = true;
        release(position);
      }
      CacheLocks.this.close();
    }
  }

  /**
   * @param folder that exists
   */
  public static CacheLocks open(Path folder) throws IOException {
    Path file = folder.toRealPath().resolve(FILE);
    synchronized (OPEN) {
      CacheLocks locks = OPEN.get(file);
      if (locks == null) {
        locks =
            new CacheLocks(
                file,
                FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE));
        OPEN.put(file, locks);
      }
      locks.users++;
      return locks;
    }
  }

  /**
   * Waits for a lock.
   *
   * @param shared whether others may hold it too that ask for a shared one
   * @throws CancelledException if the wait was cancelled or interrupted, or the JVM ends
   */
  public Held acquire(String name, boolean shared, BooleanSupplier cancelled) throws IOException {
    while (true) {
      Interruptions.check();
      if (cancelled.getAsBoolean()) {
        throw new CancelledException("cancelled while waiting for another user of " + file);
      }
      synchronized (this) {
        Optional<Held> lock = tryAcquire(name, shared);
        if (lock.isPresent()) {
          return lock.get();
        }
        try {
          wait(POLL_MILLISECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /**
   * Takes a lock if it is free.
   *
   * @return empty if another thread or process has it
   */
  public synchronized Optional<Held> tryAcquire(String name, boolean shared) throws IOException {
    long position =
        ByteBuffer.wrap(Sha256.newDigest().digest(name.getBytes(StandardCharsets.UTF_8))).getLong()
            >>> 2;
    Holders holders = held.get(position);
    if (holders != null) {
      if (!shared || !holders.lock.isShared()) {
        return Optional.empty();
      }
      holders.count++;
    } else {
      try {
        FileLock lock = channel.tryLock(position, 1, shared);
        if (lock == null) {
          return Optional.empty();
        }
        held.put(position, new Holders(lock));
      } catch (OverlappingFileLockException e) {
        return Optional.empty(); // That of another class loader.
      }
    }
    synchronized (OPEN) {
      users++;
    }
    return Optional.of(new Held(position));
  }

  private void release(long position) {
    Holders holders = held.get(position);
    if (--holders.count == 0) {
      held.remove(position);
      try {
        holders.lock.release();
      } catch (IOException e) {
        // The system gives it up with the process at the latest.
      }
    }
    notifyAll();
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      if (--users > 0) {
        return;
      }
      OPEN.remove(file);
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing was written.
      }
    }
  }
}
