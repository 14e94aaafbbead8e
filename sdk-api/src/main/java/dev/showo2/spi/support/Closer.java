package dev.showo2.spi.support;

import dev.showo2.error.BackendException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A stack of resources that are closed together, the last one first. Every resource is closed
 * whatever the others throw, errors included. Not thread-safe.
 *
 * <p>Where several resources are opened and then handed to one owner:
 *
 * <pre>{@code
 * try (Closer closer = new Closer()) {
 *   for (int layer = 0; layer < layers; layer++) {
 *     values.add(closer.add(allocate(layer)));
 *   }
 *   MyCache cache = new MyCache(values);
 *   closer.keepAll();
 *   return cache;
 * }
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Closer implements AutoCloseable {

  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  /** Makes an empty stack. */
  public Closer() {}

  /**
   * Adds a resource; if that fails, closes it.
   *
   * @param <T> type of the resource
   * @param resource closed before all that were added earlier
   * @return the resource
   */
  public <T extends AutoCloseable> T add(T resource) {
    Objects.requireNonNull(resource, "resource");
    try {
      resources.push(resource);
      return resource;
    } catch (Throwable e) {
      closeAfter(e, resource);
      throw e;
    }
  }

  /**
   * Adds several resources, of which the last one is closed first.
   *
   * @param <T> type of the resources
   * @param several in their order; closed before all that were added earlier
   * @return the resources
   */
  public <T extends AutoCloseable> List<T> addAll(List<T> several) {
    several.forEach(this::add);
    return several;
  }

  /** Forgets all resources: from now on somebody else closes them. */
  public void keepAll() {
    resources.clear();
  }

  /**
   * Closes all resources, the last one first, and forgets them. The first failure is thrown, the
   * others are suppressed in it; a checked exception becomes the cause of a {@link
   * BackendException}.
   */
  @Override
  public void close() {
    Throwable failure = null;
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Throwable e) {
        if (failure == null) {
          failure = e;
        } else if (failure != e) {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw unchecked(failure);
    }
  }

  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException exception
        ? exception
        : new BackendException("closing failed: " + failure, failure);
  }

  /**
   * Closes a resource because of a failure that is about to be thrown. What closing throws, errors
   * included, is suppressed in that failure.
   *
   * @param failure thrown by the caller afterwards
   * @param resource closed here
   */
  public static void closeAfter(Throwable failure, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Throwable e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }
}
