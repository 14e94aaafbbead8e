package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import dev.showo2.spi.support.AbstractTensor;
import dev.showo2.tensor.Shape;
import java.nio.FloatBuffer;

/** An array of PyTorch as a tensor of the SDK. */
final class DjlTensor extends AbstractTensor {

  private final DjlCalls calls;
  private final NDArray array;

  /**
   * @param array 32-bit floats, which are freed with this tensor
   */
  DjlTensor(DjlCalls calls, NDArray array) {
    super(calls.lifetime(), Shape.of(array.getShape().getShape()));
    this.calls = calls;
    this.array = array;
  }

  NDArray array() {
    return array;
  }

  @Override
  protected void copyTo(FloatBuffer destination) {
    destination.put(calls.run("reading a tensor", array::toFloatArray));
  }

  @Override
  protected void release() {
    array.close();
  }
}
