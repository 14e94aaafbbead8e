package dev.showo2.spi.support;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import org.apiguardian.api.API;

/**
 * A tensor in the JVM's heap that belongs to no backend: a result that is read and closed, and not
 * given to another stage. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class HeapTensor implements Tensor {

  private final Shape shape;
  private volatile HostTensor values;

  /**
   * A tensor of these values.
   *
   * @param values not copied; nobody writes to them from now on
   */
  public HeapTensor(HostTensor values) {
    this.shape = values.shape();
    this.values = values;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public ElementType elementType() {
    return ElementType.FLOAT32;
  }

  @Override
  public void read(FloatBuffer destination) {
    float[] source = toHost().values();
    if (destination.remaining() < source.length) {
      throw new IllegalArgumentException(
          shape
              + " has "
              + source.length
              + " values, the destination takes "
              + destination.remaining());
    }
    destination.put(source);
  }

  @Override
  public HostTensor toHost() {
    HostTensor open = values;
    if (open == null) {
      throw new IllegalStateException("the tensor " + shape + " is closed");
    }
    return open;
  }

  @Override
  public void close() {
    values = null;
  }

  @Override
  public String toString() {
    return "HeapTensor" + shape;
  }
}
