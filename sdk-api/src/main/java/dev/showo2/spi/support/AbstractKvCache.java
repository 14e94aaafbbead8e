package dev.showo2.spi.support;

import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A KV cache of a backend: knows its stage and owner, its batch and length, and whether it is
 * closed. An engine adds the keys and values with three methods: {@link #copy}, {@link #cut} and
 * {@link #release}. Not thread-safe, as {@link KvCache} demands no more.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract class AbstractKvCache implements KvCache {

  private final BackendLifetime lifetime;
  private final Stage stage;
  private final int batch;
  private int length;
  private boolean closed;

  /**
   * Makes an open cache.
   *
   * @param lifetime of the backend that it belongs to; counts the cache as open
   * @param stage backbone or flow head, the one stage that takes this cache
   * @param batch sequences, at least 1
   * @param length positions whose keys and values are present from the start
   * @throws IllegalArgumentException if the batch is below 1 or the length negative
   */
  protected AbstractKvCache(BackendLifetime lifetime, Stage stage, int batch, int length) {
    this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
    this.stage = Objects.requireNonNull(stage, "stage");
    if (length < 0) {
      throw new IllegalArgumentException("a cache has no negative length, got " + length);
    }
    this.batch = requireBatch(batch);
    this.length = length;
    lifetime.resourceOpened();
  }

  /**
   * Refuses a batch before memory is allocated for it.
   *
   * @param batch of a cache request
   * @return the batch
   * @throws IllegalArgumentException if it is below 1
   */
  public static int requireBatch(int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("a cache holds at least one sequence, got " + batch);
    }
    return batch;
  }

  /**
   * Makes a cache with the same keys and values. They may be shared as long as appending to one
   * cache does not change the other.
   *
   * @return a new cache of the same stage, batch and length
   */
  protected abstract AbstractKvCache copy();

  /**
   * Forgets keys and values from a position on. If it throws, the cache stays as it was.
   *
   * @param newLength positions that remain, from 0 to one below {@link #length()}
   */
  protected abstract void cut(int newLength);

  /** Frees keys and values; called once, when the cache is closed. Throws nothing. */
  protected abstract void release();

  /**
   * Notes that the keys and values of a segment have been added; called after the engine has
   * succeeded.
   *
   * @param positions length of the segment
   */
  public final void advance(int positions) {
    length = Math.addExact(length, positions);
  }

  /**
   * Tells the owner.
   *
   * @return the lifetime of the backend that this cache belongs to
   */
  public final BackendLifetime lifetime() {
    return lifetime;
  }

  /**
   * Tells the stage.
   *
   * @return the stage that made this cache
   */
  public final Stage stage() {
    return stage;
  }

  /**
   * Refuses use after closing.
   *
   * @throws IllegalStateException if the cache is closed
   */
  public final void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the KV cache of stage " + stage.id() + " is closed");
    }
  }

  @Override
  public final int length() {
    return length;
  }

  @Override
  public final int batch() {
    return batch;
  }

  @Override
  public final KvCache fork() {
    return lifetime.call(
        () -> {
          requireOpen();
          return copy();
        });
  }

  @Override
  public final void truncate(int newLength) {
    lifetime.run(
        () -> {
          requireOpen();
          if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException(
                "a cache of " + length + " positions cannot be cut to " + newLength);
          }
          if (newLength < length) {
            cut(newLength);
            length = newLength;
          }
        });
  }

  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      lifetime.resourceClosed();
      release();
    }
  }

  @Override
  public String toString() {
    return "KV cache of stage " + stage.id() + ", batch " + batch + ", length " + length;
  }
}
