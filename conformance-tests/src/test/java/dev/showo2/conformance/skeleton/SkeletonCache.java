package dev.showo2.conformance.skeleton;

import dev.showo2.spi.support.AbstractKvCache;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.stage.Stage;
import java.util.List;

/** A prefix in memory of the engine. */
final class SkeletonCache extends AbstractKvCache {

  private final HostEngine engine;
  private HostEngine.Buffer prefix;

  SkeletonCache(
      BackendLifetime lifetime,
      Stage stage,
      int batch,
      int length,
      HostEngine engine,
      HostEngine.Buffer prefix) {
    super(lifetime, stage, batch, length);
    this.engine = engine;
    this.prefix = prefix;
  }

  static SkeletonCache empty(
      BackendLifetime lifetime, Stage stage, int batch, HostEngine engine, int width) {
    requireBatch(batch);
    return new SkeletonCache(lifetime, stage, batch, 0, engine, engine.empty(batch, width));
  }

  HostEngine.Buffer prefix() {
    return prefix;
  }

  void append(HostEngine.Buffer segment, int positions) {
    replace(engine.join(List.of(prefix, segment)));
    advance(positions);
  }

  private void replace(HostEngine.Buffer buffer) {
    prefix.free();
    prefix = buffer;
  }

  @Override
  protected SkeletonCache copy() {
    return new SkeletonCache(lifetime(), stage(), batch(), length(), engine, engine.copy(prefix));
  }

  @Override
  protected void cut(int newLength) {
    replace(engine.cut(prefix, newLength));
  }

  @Override
  protected void release() {
    prefix.free();
  }
}
