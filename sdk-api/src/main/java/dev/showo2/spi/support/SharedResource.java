package dev.showo2.spi.support;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apiguardian.api.API;

/**
 * Memory of an engine with a count of its holders, such as keys and values that forked caches have
 * in common. The last holder frees it. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract class SharedResource implements AutoCloseable {

  private final BackendLifetime lifetime;
  private final AtomicInteger holders = new AtomicInteger(1);

  /**
   * Makes a resource with one holder, its maker.
   *
   * @param lifetime of the backend; counts the resource as open
   */
  protected SharedResource(BackendLifetime lifetime) {
    this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
    lifetime.resourceOpened();
  }

  /** Frees the memory; called once, by the last holder. */
  protected abstract void release();

  /**
   * Adds a holder, who closes the resource too.
   *
   * @throws IllegalStateException if the last holder has closed it
   */
  public final void share() {
    holders.updateAndGet(
        count -> {
          if (count == 0) {
            throw new IllegalStateException("the resource is freed");
          }
          return count + 1;
        });
  }

  /**
   * Tells whether others hold the resource too. While there is one holder, which alone could add
   * another, it may write in place.
   *
   * @return whether there are two holders or more
   */
  public final boolean isShared() {
    return holders.get() > 1;
  }

  /**
   * Takes a holder away and frees the memory if it was the last one. Each holder calls it once.
   *
   * @throws IllegalStateException if the last holder has closed it before
   */
  @Override
  public final void close() {
    int left =
        holders.updateAndGet(
            count -> {
              if (count == 0) {
                throw new IllegalStateException("the resource is freed");
              }
              return count - 1;
            });
    if (left == 0) {
      lifetime.resourceClosed();
      release();
    }
  }
}
