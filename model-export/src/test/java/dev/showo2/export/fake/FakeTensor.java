package dev.showo2.export.fake;

import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.tensor.HostTensor;

/** A tensor that tells whether it was closed. */
final class FakeTensor extends HostBackedTensor {

  private final Behavior behavior;

  FakeTensor(Behavior behavior, HostTensor values) {
    super(behavior.lifetime, values);
    this.behavior = behavior;
    behavior.open.add(this);
  }

  @Override
  protected void release() {
    super.release();
    behavior.open.remove(this);
  }
}
