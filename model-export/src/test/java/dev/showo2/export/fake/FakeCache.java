package dev.showo2.export.fake;

import dev.showo2.spi.support.AbstractKvCache;
import dev.showo2.stage.Stage;

/** A cache that holds nothing but its length. */
final class FakeCache extends AbstractKvCache {

  private final Behavior behavior;

  FakeCache(Behavior behavior, Stage stage) {
    super(behavior.lifetime, stage, 1, 0);
    this.behavior = behavior;
    behavior.open.add(this);
  }

  @Override
  protected FakeCache copy() {
    throw new AssertionError("no check forks a cache");
  }

  @Override
  protected void cut(int newLength) {
    // The length is all there is.
  }

  @Override
  protected void release() {
    behavior.open.remove(this);
  }
}
