package dev.showo2.conformance.wrapper;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;

/** Values in host memory; knows how often it was closed. */
class SmallTensor implements Tensor {

  final HostTensor values;
  int closings;

  SmallTensor(HostTensor values) {
    this.values = values;
  }

  SmallTensor(long... shape) {
    this(HostTensor.zeros(Shape.of(shape)));
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
    destination.put(values.values());
  }

  @Override
  public void close() {
    closings++;
  }
}
