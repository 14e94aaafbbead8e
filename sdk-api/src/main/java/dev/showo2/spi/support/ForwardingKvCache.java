package dev.showo2.spi.support;

import dev.showo2.stage.KvCache;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A KV cache that forwards every method to another cache. Decorators override what they change. Not
 * thread-safe, as {@link KvCache} demands no more; closing it closes the delegate.
 *
 * <p>{@link #fork()} gives a fork of the delegate that is not wrapped. A decorator whose forks are
 * to be decorated too overrides it.
 *
 * <p>A stage takes the caches that it made: a decorator of stages that hands out wrapped caches
 * gives the delegate {@link #delegateOf} them.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract class ForwardingKvCache implements KvCache {

  /** The cache that calls are forwarded to; closed with this one. */
  protected final KvCache delegate;

  /**
   * Forwards to a cache.
   *
   * @param delegate closed with this one
   */
  protected ForwardingKvCache(KvCache delegate) {
    this.delegate = Objects.requireNonNull(delegate, "delegate");
  }

  /**
   * Returns the cache that the stage one level below made.
   *
   * @param cache any cache
   * @return the delegate of a forwarding cache, any other as it is
   */
  public static KvCache delegateOf(KvCache cache) {
    return cache instanceof ForwardingKvCache forwarding ? forwarding.delegate : cache;
  }

  @Override
  public int length() {
    return delegate.length();
  }

  @Override
  public int batch() {
    return delegate.batch();
  }

  @Override
  public KvCache fork() {
    return delegate.fork();
  }

  @Override
  public void truncate(int length) {
    delegate.truncate(length);
  }

  @Override
  public void close() {
    delegate.close();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(" + delegate + ")";
  }
}
