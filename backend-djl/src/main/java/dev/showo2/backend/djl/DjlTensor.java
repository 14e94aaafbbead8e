package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
    destination.put(
        calls.run(
            "reading a tensor",
            () -> {
              // DJL copies arrays of devices, and those that are not row-major, without freeing it.
              try (NDManager scope = array.getManager().newSubManager()) {
                return NdScopes.view(array, scope).toFloatArray();
              }
            }));
  }

  @Override
  protected void release() {
    array.close();
  }
}
