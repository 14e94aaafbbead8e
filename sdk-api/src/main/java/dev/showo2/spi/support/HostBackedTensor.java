package dev.showo2.spi.support;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.nio.FloatBuffer;
import org.apiguardian.api.API;

/**
 * A tensor whose values are stored in the JVM's heap, for backends that compute in Java and for
 * results that are wanted there anyway.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public class HostBackedTensor extends AbstractTensor {

  /** The owner of tensors that belong to no backend. */
  private static final BackendLifetime DETACHED = BackendLifetime.unbounded();

  private volatile HostTensor values;

  /**
   * Makes a tensor of values, which are not copied.
   *
   * @param lifetime of the backend that it belongs to
   * @param values nobody writes to them from now on
   */
  public HostBackedTensor(BackendLifetime lifetime, HostTensor values) {
    super(lifetime, values.shape());
    this.values = values;
  }

  /**
   * Makes a tensor that belongs to no backend: a result that is read and closed, and not given to
   * another stage.
   *
   * @param values not copied; nobody writes to them from now on
   * @return a new tensor
   */
  public static HostBackedTensor detached(HostTensor values) {
    return new HostBackedTensor(DETACHED, values);
  }

  /**
   * Tells whether this tensor belongs to no backend.
   *
   * @return whether {@link #detached} has made it
   */
  public final boolean isDetached() {
    return lifetime() == DETACHED;
  }

  /**
   * Makes a tensor of a copy of a buffer's values.
   *
   * @param lifetime of the backend that it belongs to
   * @param source has as many values remaining as the shape has elements; position and limit stay
   *     as they are
   * @param shape of the tensor
   * @return a new tensor
   * @throws dev.showo2.error.InsufficientMemoryException if the heap has no room for the copy
   */
  public static HostBackedTensor copyOf(BackendLifetime lifetime, FloatBuffer source, Shape shape) {
    HostTensor copy = HostTensor.zeros(shape);
    source.duplicate().get(copy.values());
    return new HostBackedTensor(lifetime, copy);
  }

  /**
   * Returns the values, without a copy.
   *
   * @return the values; nobody writes to them
   * @throws IllegalStateException if the tensor is closed
   */
  public final HostTensor values() {
    HostTensor open = values;
    if (open == null) {
      throw new IllegalStateException("the tensor " + shape() + " is closed");
    }
    return open;
  }

  /** {@inheritDoc} The values are not copied. */
  @Override
  public HostTensor toHost() {
    return lifetime().call(this::values);
  }

  @Override
  protected void copyTo(FloatBuffer destination) {
    destination.put(values().values());
  }

  @Override
  protected void release() {
    values = null;
  }
}
