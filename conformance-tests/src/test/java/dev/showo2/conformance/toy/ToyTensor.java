package dev.showo2.conformance.toy;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;

/** A tensor is a handle: it knows its backend, and it can be closed. */
final class ToyTensor implements Tensor {

  private final ToyBackend owner;
  private final HostTensor values;
  private volatile boolean closed;

  ToyTensor(ToyBackend owner, HostTensor values) {
    this.owner = owner;
    this.values = values;
  }

  static HostTensor require(Tensor tensor, ToyBackend backend, long width) {
    if (!(tensor instanceof ToyTensor own) || own.owner != backend) {
      throw new IllegalArgumentException("a tensor of this backend is needed; upload it first");
    }
    if (own.shape().rank() != 3
        || own.shape().dimension(-1) != width
        || own.shape().elementCount() == 0) {
      throw new IllegalArgumentException(
          "hidden states [B, S, " + width + "] are needed, found " + own.shape());
    }
    return own.open();
  }

  private HostTensor open() {
    owner.requireOpen();
    if (closed) {
      throw new IllegalStateException("the tensor is closed");
    }
    return values;
  }

  @Override
  public Shape shape() {
    return values.shape();
  }

  @Override
  public ElementType elementType() {
    return ElementType.FLOAT32;
  }

  @Override
  public void read(FloatBuffer destination) {
    float[] source = open().values();
    if (destination.remaining() < source.length) {
      throw new IllegalArgumentException(
          shape() + " has " + source.length + " values, room is for " + destination.remaining());
    }
    destination.put(source);
  }

  @Override
  public void close() {
    closed = true;
  }
}
