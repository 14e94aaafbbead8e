package dev.showo2.fake;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** A tensor in the JVM's memory that tells when it is read and closed. */
record FakeTensor(CallLog log, HostTensor values) implements Tensor {

  static Tensor filled(CallLog log, float value, long... shape) {
    float[] values = new float[(int) Shape.of(shape).elementCount()];
    Arrays.fill(values, value);
    return log.opened(new FakeTensor(log, new HostTensor(Shape.of(shape), values)));
  }

  static FakeTensor open(CallLog log, Tensor tensor) {
    log.requireOpen(tensor);
    return (FakeTensor) tensor;
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
    log.requireOpen(this);
    log.call("read " + shape());
    destination.put(values.values());
  }

  @Override
  public void close() {
    log.closed(this);
  }
}
