package dev.showo2.conformance.wrapper;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicReference;

/** A tensor whose shape and values never change. */
final class AssertingTensor implements Tensor {

  private final Watch watch;
  private final Tensor real;
  private final Shape shape;
  private final Handle handle;
  // Of the values that were read first.
  private final AtomicReference<Long> checksum = new AtomicReference<>();

  AssertingTensor(Watch watch, Tensor real, Shape shape, Handle handle) {
    this.watch = watch;
    this.real = real;
    this.shape = shape;
    this.handle = handle;
  }

  Tensor real() {
    return real;
  }

  Handle handle() {
    return handle;
  }

  boolean belongsTo(Watch candidate) {
    return watch == candidate;
  }

  /** Its shape, as it was when the tensor was made. */
  Shape known() {
    return shape;
  }

  long dimension(int axis) {
    return shape.dimension(axis);
  }

  @Override
  public Shape shape() {
    try (Call call = watch.begin("Tensor.shape")) {
      call.use(handle);
      Shape found = call.runAny(real::shape);
      call.backendOwes(shape.equals(found), "the same shape as before, " + shape + ",", found);
      return found;
    }
  }

  @Override
  public ElementType elementType() {
    try (Call call = watch.begin("Tensor.elementType")) {
      call.use(handle);
      ElementType found = call.runAny(real::elementType);
      call.backendOwes(found != null, "an element type", null);
      return found;
    }
  }

  @Override
  public void read(FloatBuffer destination) {
    try (Call call = watch.begin("Tensor.read")) {
      call.requirePresent("destination", destination);
      call.use(handle);
      long count = shape.elementCount();
      call.callerOwes(
          destination.remaining() >= count && !destination.isReadOnly(),
          "a writable destination with " + count + " elements remaining",
          destination);
      Destination watched = new Destination(destination, (int) count);
      call.runAny(
          () -> {
            real.read(destination);
            return null;
          });
      watched.check(call);
      requireUnchanged(call, watched.checksum());
    }
  }

  @Override
  public HostTensor toHost() {
    try (Call call = watch.begin("Tensor.toHost")) {
      call.use(handle);
      HostTensor host = call.runAny(real::toHost);
      call.backendOwes(
          host != null && host.shape().equals(shape),
          "values of shape " + shape,
          host == null ? null : host.shape());
      requireUnchanged(call, Destination.checksum(FloatBuffer.wrap(host.values())));
      return host;
    }
  }

  private void requireUnchanged(Call call, long found) {
    Long first = checksum.compareAndExchange(null, found);
    call.backendOwes(
        first == null || first == found, "the values that were read before", "other values");
  }

  @Override
  public void close() {
    handle.close("Tensor.close");
  }

  @Override
  public String toString() {
    return "Asserting" + real;
  }
}
