package dev.showo2.conformance.internal.check.contract;

import java.util.ArrayList;
import java.util.List;

/** Tensors, caches and streams that are closed together, the last one first. */
final class ResourceScope implements AutoCloseable {

  private final List<AutoCloseable> all = new ArrayList<>();
  private int open;

  <T extends AutoCloseable> T add(T resource) {
    all.add(resource);
    open = all.size();
    return resource;
  }

  /** Closed ones too, the first one first. */
  List<AutoCloseable> all() {
    return all;
  }

  @Override
  public void close() {
    Throwable failure = null;
    while (open > 0) {
      try {
        all.get(--open).close();
      } catch (Throwable e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw new IllegalStateException("closing failed: " + failure, failure);
    }
  }
}
