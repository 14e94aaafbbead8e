package dev.showo2.conformance.reference;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicReference;

/** Values in the JVM's heap behind the rules of a handle. */
final class ReferenceTensor implements Tensor {

  private final Shape shape;
  private final Lifetime lifetime;
  private final AtomicReference<HostTensor> values;

  ReferenceTensor(HostTensor values, Lifetime lifetime) {
    this.shape = values.shape();
    this.lifetime = lifetime;
    this.values = new AtomicReference<>(values);
    lifetime.handleOpened();
  }

  /**
   * The values of an argument.
   *
   * @param what names the argument in messages, with the shape it should have
   * @param expected its shape; a negative size stands for any
   * @throws IllegalArgumentException if the tensor comes from another backend or has another shape
   * @throws IllegalStateException if it is closed
   */
  static HostTensor require(Tensor tensor, Lifetime lifetime, String what, long... expected) {
    if (!(tensor instanceof ReferenceTensor own) || own.lifetime != lifetime) {
      throw new IllegalArgumentException(
          what + ": a tensor of this backend is needed; upload the values of " + tensor + " first");
    }
    long[] found = own.shape.toArray();
    boolean fits = found.length == expected.length && own.shape.elementCount() > 0;
    for (int axis = 0; fits && axis < found.length; axis++) {
      fits = expected[axis] < 0 || expected[axis] == found[axis];
    }
    if (!fits) {
      throw new IllegalArgumentException(what + " is needed, found " + own.shape);
    }
    return own.requireOpen();
  }

  private HostTensor requireOpen() {
    HostTensor open = values.get();
    if (open == null) {
      throw new IllegalStateException("the tensor " + shape + " is closed");
    }
    return open;
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
    lifetime.whileOpen(
        () -> {
          float[] source = requireOpen().values();
          if (destination.remaining() < source.length) {
            throw new IllegalArgumentException(
                shape
                    + " has "
                    + source.length
                    + " values, the destination takes "
                    + destination.remaining());
          }
          return destination.put(source);
        });
  }

  @Override
  public void close() {
    if (values.getAndSet(null) != null) {
      lifetime.handleClosed();
    }
  }

  @Override
  public String toString() {
    return "ReferenceTensor" + shape;
  }
}
