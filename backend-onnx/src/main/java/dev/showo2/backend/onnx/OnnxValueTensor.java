package dev.showo2.backend.onnx;

import dev.showo2.spi.support.AbstractTensor;
import dev.showo2.spi.support.BackendLifetime;
import java.nio.FloatBuffer;

/** The SDK's view of a value of the engine. */
final class OnnxValueTensor extends AbstractTensor {

  private final NativeValue value;

  OnnxValueTensor(BackendLifetime lifetime, NativeValue value) {
    super(lifetime, value.shape());
    this.value = value;
  }

  NativeValue value() {
    return value;
  }

  @Override
  protected void copyTo(FloatBuffer destination) {
    destination.put(value.floats());
  }

  @Override
  protected void release() {
    value.close();
  }
}
