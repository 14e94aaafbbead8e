package dev.showo2.export.fake;

import dev.showo2.stage.KvCache;

/** A cache that holds nothing but its length. */
final class FakeCache implements KvCache {

  private final Behavior behavior;
  private int length;

  FakeCache(Behavior behavior) {
    this.behavior = behavior;
    behavior.open.add(this);
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
    return 1;
  }

  @Override
  public KvCache fork() {
    throw new AssertionError("no check forks a cache");
  }

  @Override
  public void truncate(int newLength) {
    length = newLength;
  }

  @Override
  public void close() {
    behavior.open.remove(this);
  }
}
