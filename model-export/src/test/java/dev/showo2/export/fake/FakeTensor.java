package dev.showo2.export.fake;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;

/** A tensor that tells whether it was closed. */
final class FakeTensor implements Tensor {

  private final Behavior behavior;
  private final HostTensor values;

  FakeTensor(Behavior behavior, HostTensor values) {
    this.behavior = behavior;
    this.values = values;
    behavior.open.add(this);
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
    behavior.open.remove(this);
  }
}
