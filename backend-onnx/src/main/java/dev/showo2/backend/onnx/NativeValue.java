package dev.showo2.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.DirectBufferPool;
import dev.showo2.spi.support.EngineFailures;
import dev.showo2.spi.support.SharedResource;
import dev.showo2.tensor.Shape;
import java.nio.FloatBuffer;

/** A tensor of the engine, such as keys and values that forked caches share. */
final class NativeValue extends SharedResource {

  private final OnnxTensor tensor;
  private final BackendLifetime lifetime;
  private final Runnable afterwards;

  /**
   * @param afterwards run once the tensor is freed
   */
  NativeValue(OnnxTensor tensor, BackendLifetime lifetime, Runnable afterwards) {
    super(lifetime);
    this.tensor = tensor;
    this.lifetime = lifetime;
    this.afterwards = afterwards;
  }

  OnnxTensor tensor() {
    return tensor;
  }

  Shape shape() {
    return Shape.of(tensor.getInfo().getShape());
  }

  /** The size of the values. */
  long bytes() {
    return shape().elementCount() * tensor.getInfo().type.size;
  }

  /**
   * A copy of the values.
   *
   * @throws InsufficientMemoryException if the heap has no room for it, or no buffer is so large
   * @throws BackendException if the engine hands out another number of values
   */
  FloatBuffer floats() {
    Shape shape = shape();
    long bytes = shape.elementCount() * Float.BYTES;
    DirectBufferPool.checkSize(bytes);
    try {
      FloatBuffer floats = tensor.getFloatBuffer();
      if (floats.remaining() != shape.elementCount()) {
        throw new BackendException(
            "the engine gave "
                + floats.remaining()
                + " of the "
                + shape.elementCount()
                + " values of a tensor of shape "
                + shape);
      }
      return floats;
    } catch (OutOfMemoryError e) {
      throw EngineFailures.outOfMemory(
          "a tensor of shape " + shape + ", " + (bytes >> 20) + " MiB", e);
    }
  }

  /** This value, with one holder more. */
  NativeValue shared() {
    share();
    return this;
  }

  @Override
  protected void release() {
    // The process ends, and its memory with it; no native code is to run by then.
    if (!lifetime.isCancelled()) {
      tensor.close();
      afterwards.run();
    }
  }
}
