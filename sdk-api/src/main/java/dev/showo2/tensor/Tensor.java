package dev.showo2.tensor;

import dev.showo2.error.InsufficientMemoryException;
import java.nio.FloatBuffer;
import org.apiguardian.api.API;

/**
 * A tensor in the memory of a backend. It belongs to the backend that made it and may be passed
 * only to that backend; its contents never change.
 *
 * <p>The receiver of a tensor closes it. Reading is thread-safe, but not while the tensor is being
 * closed.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public interface Tensor extends AutoCloseable {

  /** {@return the sizes of the axes, outermost first; readable after closing, too} */
  Shape shape();

  /**
   * {@return the type in which the backend stores the values; {@link #read} converts them to 32-bit
   * floats}
   */
  ElementType elementType();

  /**
   * Copies all values in row-major order to the buffer's position, and advances the position.
   *
   * @param destination with at least {@code shape().elementCount()} elements remaining
   * @throws IllegalArgumentException if the destination has fewer than {@code
   *     shape().elementCount()} elements remaining
   * @throws IllegalStateException if the tensor or its backend is closed
   */
  void read(FloatBuffer destination);

  /**
   * Copies all values to host memory.
   *
   * @return a copy of the values in the JVM's memory; valid after this tensor is closed
   * @throws InsufficientMemoryException if there are more than one Java array holds, or the heap
   *     has no room for them
   * @throws IllegalStateException if the tensor or its backend is closed
   */
  default HostTensor toHost() {
    HostTensor host = HostTensor.zeros(shape());
    read(FloatBuffer.wrap(host.values()));
    return host;
  }

  /** Frees the memory. Throws nothing; a second call has no effect. */
  @Override
  void close();
}
