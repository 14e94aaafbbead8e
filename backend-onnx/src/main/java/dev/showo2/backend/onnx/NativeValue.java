package dev.showo2.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A tensor of the engine with a count of those who hold it. Forked caches share the keys and values
 * of their common past this way; the last holder frees them.
 */
final class NativeValue {

  private final OnnxTensor tensor;
  private final Runnable release;
  private final Lifetime lifetime;
  private final AtomicInteger holders = new AtomicInteger(1);

  /**
   * @param release what else to give back once the tensor is freed
   */
  NativeValue(OnnxTensor tensor, Lifetime lifetime, Runnable release) {
    this.tensor = tensor;
    this.lifetime = lifetime;
    this.release = release;
    lifetime.valueOpened();
  }

  OnnxTensor tensor() {
    return tensor;
  }

  Shape shape() {
    return Shape.of(tensor.getInfo().getShape());
  }

  /**
   * A copy of the values.
   *
   * @throws InsufficientMemoryException if the heap has no room for it, or no buffer is so large
   */
  FloatBuffer floats() {
    long bytes = shape().elementCount() * Float.BYTES;
    if (bytes > Integer.MAX_VALUE) {
      throw OnnxFailures.tooLargeForABuffer(bytes);
    }
    try {
      return tensor.getFloatBuffer();
    } catch (OutOfMemoryError e) {
      throw new InsufficientMemoryException(
          "the heap has no room for a tensor of shape "
              + shape()
              + ", "
              + (bytes >> 20)
              + " MiB; give it more with -Xmx",
          e);
    }
  }

  NativeValue share() {
    holders.incrementAndGet();
    return this;
  }

  void free() {
    if (holders.decrementAndGet() == 0) {
      tensor.close();
      release.run();
      lifetime.valueClosed();
    }
  }
}
