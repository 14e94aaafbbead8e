package dev.showo2.testing;

import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** A tensor in the JVM's memory that tells when it is read and closed. */
final class FakeTensor extends HostBackedTensor {

  private final CallLog log;

  FakeTensor(CallLog log, HostTensor values) {
    super(log.lifetime, values);
    this.log = log;
  }

  static Tensor filled(CallLog log, float value, long... shape) {
    float[] values = new float[(int) Shape.of(shape).elementCount()];
    Arrays.fill(values, value);
    return log.opened(new FakeTensor(log, new HostTensor(Shape.of(shape), values)));
  }

  static FakeTensor open(CallLog log, Tensor tensor) {
    log.requireOpen(tensor);
    return (FakeTensor) tensor;
  }

  /** A copy, so that tests see that nobody writes to the values of others. */
  @Override
  public HostTensor toHost() {
    log.requireOpen(this);
    HostTensor copy = HostTensor.zeros(shape());
    read(FloatBuffer.wrap(copy.values()));
    return copy;
  }

  @Override
  protected void copyTo(FloatBuffer destination) {
    log.call("read " + shape());
    super.copyTo(destination);
  }

  @Override
  protected void release() {
    super.release();
    log.closed(this);
  }
}
