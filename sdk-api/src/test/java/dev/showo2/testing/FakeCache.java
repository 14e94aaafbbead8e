package dev.showo2.testing;

import dev.showo2.spi.support.AbstractKvCache;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;

/** A cache that knows only how long it is; the backend's log notes it as open. */
public class FakeCache extends AbstractKvCache {

  private final CallLog log;

  public FakeCache(CallLog log, Stage stage, int batch, int length) {
    super(log.lifetime(), stage, batch, length);
    this.log = log;
    log.opened(this);
  }

  static FakeCache open(CallLog log, KvCache cache) {
    log.requireOpen(cache);
    return (FakeCache) cache;
  }

  @Override
  protected FakeCache copy() {
    log.call("fork " + length());
    return new FakeCache(log, stage(), batch(), length());
  }

  @Override
  protected void cut(int newLength) {
    log.call("truncate " + length() + " to " + newLength);
  }

  @Override
  protected void release() {
    log.closed(this);
  }
}
