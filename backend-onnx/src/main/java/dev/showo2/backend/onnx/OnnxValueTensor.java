package dev.showo2.backend.onnx;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** The SDK's view of a value of the engine. */
final class OnnxValueTensor implements Tensor {

  private final NativeValue value;
  private final Shape shape;
  private final Lifetime lifetime;
  private final AtomicBoolean closed = new AtomicBoolean();

  OnnxValueTensor(NativeValue value, Lifetime lifetime) {
    this.value = value;
    this.shape = value.shape();
    this.lifetime = lifetime;
  }

  /**
   * @throws IllegalArgumentException if the tensor comes from another backend
   * @throws IllegalStateException if it is closed
   */
  static NativeValue of(Tensor tensor, Lifetime lifetime) {
    if (!(tensor instanceof OnnxValueTensor own) || own.lifetime != lifetime) {
      throw new IllegalArgumentException(
          "a tensor of this backend is needed; upload the values of " + tensor + " first");
    }
    own.requireOpen();
    return own.value;
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the tensor " + shape + " is closed");
    }
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
          requireOpen();
          if (destination.remaining() < shape.elementCount()) {
            throw new IllegalArgumentException(
                shape
                    + " has "
                    + shape.elementCount()
                    + " values, the destination takes "
                    + destination.remaining());
          }
          return destination.put(value.floats());
        });
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      value.free();
    }
  }

  @Override
  public String toString() {
    return "OnnxValueTensor" + shape;
  }
}
