package dev.showo2.spi.support;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apiguardian.api.API;

/**
 * A tensor of a backend: knows its owner, its shape and whether it is closed. An engine adds where
 * the values are stored, how they are copied and how they are freed. Thread-safe as {@link Tensor}
 * demands.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract class AbstractTensor implements Tensor {

  private final BackendLifetime lifetime;
  private final Shape shape;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Makes an open tensor.
   *
   * @param lifetime of the backend that it belongs to; counts the tensor as open
   * @param shape of the values
   */
  protected AbstractTensor(BackendLifetime lifetime, Shape shape) {
    this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
    this.shape = Objects.requireNonNull(shape, "shape");
    lifetime.resourceOpened();
  }

  /**
   * Copies all values in row-major order as 32-bit floats, while tensor and backend are open.
   *
   * @param destination has room for them; the copy advances its position behind them
   */
  protected abstract void copyTo(FloatBuffer destination);

  /** Frees the values; called once, when the tensor is closed. Throws nothing. */
  protected abstract void release();

  /**
   * Tells the owner.
   *
   * @return the lifetime of the backend that this tensor belongs to
   */
  public final BackendLifetime lifetime() {
    return lifetime;
  }

  /**
   * Refuses use after closing.
   *
   * @throws IllegalStateException if the tensor is closed
   */
  public final void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the tensor " + shape + " is closed");
    }
  }

  @Override
  public final Shape shape() {
    return shape;
  }

  /** {@inheritDoc} 32-bit floats, unless an engine overrides this. */
  @Override
  public ElementType elementType() {
    return ElementType.FLOAT32;
  }

  @Override
  public final void read(FloatBuffer destination) {
    lifetime.run(
        () -> {
          requireOpen();
          if (destination.remaining() < shape.elementCount()) {
            throw new IllegalArgumentException(
                shape
                    + " has "
                    + shape.elementCount()
                    + " values, the destination takes "
                    + destination.remaining());
          }
          copyTo(destination);
        });
  }

  @Override
  public final void close() {
    if (closed.compareAndSet(false, true)) {
      lifetime.resourceClosed();
      release();
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + shape;
  }
}
