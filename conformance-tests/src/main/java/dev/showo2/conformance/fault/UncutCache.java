package dev.showo2.conformance.fault;

import dev.showo2.stage.KvCache;

/** A cache that forgets nothing. */
final class UncutCache extends CacheAround {

  private final KvCache right;

  UncutCache(KvCache right) {
    super(right);
    this.right = right;
  }

  @Override
  public KvCache fork() {
    return new UncutCache(right.fork());
  }

  @Override
  public void truncate(int length) {
    // Forgets nothing: that is the fault.
  }
}
