package dev.showo2.fake;

import dev.showo2.stage.KvCache;

/** A cache that knows only how long it is. */
final class FakeCache implements KvCache {

  private final CallLog log;
  private final int batch;
  private int length;

  FakeCache(CallLog log, int batch) {
    this.log = log;
    this.batch = batch;
  }

  static FakeCache open(CallLog log, KvCache cache) {
    log.requireOpen(cache);
    return (FakeCache) cache;
  }

  void grow(long positions) {
    length += (int) positions;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public KvCache fork() {
    log.requireOpen(this);
    log.call("fork " + length);
    FakeCache fork = log.opened(new FakeCache(log, batch));
    fork.grow(length);
    return fork;
  }

  @Override
  public void truncate(int newLength) {
    log.requireOpen(this);
    log.call("truncate " + length + " to " + newLength);
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException(newLength + " of " + length);
    }
    length = newLength;
  }

  @Override
  public void close() {
    log.closed(this);
  }
}
