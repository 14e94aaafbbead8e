package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import dev.showo2.spi.support.AbstractTensor;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.tensor.Shape;
import java.nio.FloatBuffer;

/** An array of PyTorch as a tensor of the SDK. */
final class DjlTensor extends AbstractTensor {

  private final NDArray array;

  /**
   * @param array 32-bit floats, which are freed with this tensor
   */
  DjlTensor(BackendLifetime lifetime, NDArray array) {
    super(lifetime, Shape.of(array.getShape().getShape()));
    this.array = array;
  }

  NDArray array() {
    return array;
  }

  @Override
  protected void copyTo(FloatBuffer destination) {
    destination.put(array.toFloatArray());
  }

  @Override
  protected void release() {
    array.close();
  }
}
