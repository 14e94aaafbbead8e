package dev.showo2.conformance.wrapper;

import dev.showo2.stage.KvCache;

/** A cache that knows only how long it is. */
class SmallCache implements KvCache {

  final int batch;
  int length;
  int closings;

  SmallCache(int batch, int length) {
    this.batch = batch;
    this.length = length;
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
    return new SmallCache(batch, length);
  }

  @Override
  public void truncate(int newLength) {
    length = newLength;
  }

  @Override
  public void close() {
    closings++;
  }
}
