package dev.showo2.testing;

import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.tensor.HostTensor;
import java.nio.FloatBuffer;

/** A tensor in the JVM's memory that tells when it is read and closed. */
final class FakeTensor extends HostBackedTensor {

  private final CallLog log;

  FakeTensor(CallLog log, HostTensor values) {
    super(log.lifetime(), values);
    this.log = log;
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
