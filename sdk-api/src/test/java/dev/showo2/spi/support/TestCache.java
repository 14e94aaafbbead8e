package dev.showo2.spi.support;

import dev.showo2.stage.Stage;

/** A cache without keys and values that may fail where an engine would. */
final class TestCache extends AbstractKvCache {

  int releases;
  Error failure;

  TestCache(BackendLifetime lifetime, Stage stage, int batch, int length) {
    super(lifetime, stage, batch, length);
  }

  @Override
  protected TestCache copy() {
    fail();
    return new TestCache(lifetime(), stage(), batch(), length());
  }

  @Override
  protected void cut(int newLength) {
    fail();
  }

  private void fail() {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  protected void release() {
    releases++;
  }
}
