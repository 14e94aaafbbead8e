package dev.showo2.tensor;

import java.nio.FloatBuffer;
import org.apiguardian.api.API;

/**
 * Values that live where a backend computes. A tensor belongs to the backend that made it and may
 * be handed only to that backend; its contents never change.
 *
 * <p>Whoever receives a tensor closes it. A tensor may be read by several threads at once, but not
 * while it is being closed.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Tensor extends AutoCloseable {

  Shape shape();

  /** How the backend holds the values; {@link #read} converts to 32-bit floats all the same. */
  ElementType elementType();

  /**
   * Copies all values in row-major order.
   *
   * @throws IllegalArgumentException if the destination has fewer than {@code
   *     shape().elementCount()} elements remaining
   * @throws IllegalStateException if the tensor or its backend is closed
   */
  void read(FloatBuffer destination);

  /** Reads all values into host memory. */
  default HostTensor toHost() {
    float[] values = new float[Math.toIntExact(shape().elementCount())];
    read(FloatBuffer.wrap(values));
    return new HostTensor(shape(), values);
  }

  /** Frees the memory. A second call does nothing. */
  @Override
  void close();
}
