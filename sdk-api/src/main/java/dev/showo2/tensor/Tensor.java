package dev.showo2.tensor;

import dev.showo2.error.InsufficientMemoryException;
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
   * Copies all values in row-major order to the buffer's position, and moves it behind them.
   *
   * @throws IllegalArgumentException if the destination has fewer than {@code
   *     shape().elementCount()} elements remaining
   * @throws IllegalStateException if the tensor or its backend is closed
   */
  void read(FloatBuffer destination);

  /**
   * Reads all values into host memory.
   *
   * @throws InsufficientMemoryException if there are more than one Java array holds, or the heap
   *     has no room for them
   * @throws IllegalStateException if the tensor or its backend is closed
   */
  default HostTensor toHost() {
    HostTensor host = HostTensor.zeros(shape());
    read(FloatBuffer.wrap(host.values()));
    return host;
  }

  /** Frees the memory. Throws nothing; a second call does nothing. */
  @Override
  void close();
}
