package dev.showo2.conformance.fault;

import dev.showo2.stage.KvCache;

/** Hands everything on to a right cache; a fault overrides what it gets wrong. */
abstract class CacheAround implements KvCache {

  private final KvCache right;

  CacheAround(KvCache right) {
    this.right = right;
  }

  /** The cache that the right stages know. */
  static KvCache right(KvCache cache) {
    return cache instanceof CacheAround around ? around.right : cache;
  }

  @Override
  public int length() {
    return right.length();
  }

  @Override
  public int batch() {
    return right.batch();
  }

  @Override
  public void truncate(int length) {
    right.truncate(length);
  }

  @Override
  public void close() {
    right.close();
  }
}
