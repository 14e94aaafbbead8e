package dev.showo2.conformance.skeleton;

import dev.showo2.spi.support.AbstractTensor;
import dev.showo2.spi.support.BackendLifetime;
import java.nio.FloatBuffer;

/** Memory of the engine as a tensor. */
final class SkeletonTensor extends AbstractTensor {

  private final HostEngine.Buffer buffer;

  SkeletonTensor(BackendLifetime lifetime, HostEngine.Buffer buffer) {
    super(lifetime, buffer.shape());
    this.buffer = buffer;
  }

  HostEngine.Buffer buffer() {
    return buffer;
  }

  @Override
  protected void copyTo(FloatBuffer destination) {
    destination.put(buffer.values());
  }

  @Override
  protected void release() {
    buffer.free();
  }
}
