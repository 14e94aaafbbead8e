package dev.showo2.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.DirectBufferPool;
import dev.showo2.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Makes the values of the engine's inputs. The caller frees each. */
final class OnnxValues {

  private final OrtEnvironment environment;
  private final BackendLifetime lifetime;
  private final DirectBufferPool pool;
  private final LongAdder copied = new LongAdder();

  OnnxValues(OrtEnvironment environment, BackendLifetime lifetime, DirectBufferPool pool) {
    this.environment = environment;
    this.lifetime = lifetime;
    this.pool = pool;
  }

  /** {@return the bytes that were copied into new values} */
  long copied() {
    return copied.sum();
  }

  NativeValue floats(FloatBuffer values, Shape shape) {
    return make(
        OnnxJavaType.FLOAT,
        Float.BYTES,
        shape,
        bytes -> {
          FloatBuffer source = values.duplicate();
          source.limit(source.position() + Math.toIntExact(shape.elementCount()));
          bytes.asFloatBuffer().put(source);
        });
  }

  NativeValue floats(float[] values, long... shape) {
    return floats(FloatBuffer.wrap(values), Shape.of(shape));
  }

  NativeValue integers(long[] values, long... shape) {
    return make(
        OnnxJavaType.INT64, Long.BYTES, Shape.of(shape), bytes -> bytes.asLongBuffer().put(values));
  }

  NativeValue bool(boolean value) {
    return make(OnnxJavaType.BOOL, 1, Shape.of(1), bytes -> bytes.put(0, (byte) (value ? 1 : 0)));
  }

  /** Joins [B, Sᵢ, D] along S. */
  NativeValue joined(List<NativeValue> parts) {
    Shape first = parts.get(0).shape();
    long rows = first.dimension(0);
    long length = parts.stream().mapToLong(part -> part.shape().dimension(1)).sum();
    Shape shape = Shape.of(rows, length, first.dimension(2));
    List<FloatBuffer> sources = parts.stream().map(NativeValue::floats).toList();
    return make(
        OnnxJavaType.FLOAT,
        Float.BYTES,
        shape,
        bytes -> {
          FloatBuffer target = bytes.asFloatBuffer();
          for (int row = 0; row < rows; row++) {
            for (FloatBuffer source : sources) {
              int perRow = source.capacity() / (int) rows;
              target.put(source.slice(row * perRow, perRow));
            }
          }
        });
  }

  /**
   * The first {@code length} positions of keys or values [B, heads, P, size], with room for {@code
   * capacity} positions.
   */
  NativeValue firstPositions(NativeValue value, int length, int capacity) {
    Shape shape = value.shape();
    int blocks = Math.toIntExact(shape.dimension(0) * shape.dimension(1));
    int size = Math.toIntExact(shape.dimension(3));
    int oldBlock = Math.toIntExact(shape.dimension(2)) * size;
    FloatBuffer source = value.floats();
    return make(
        OnnxJavaType.FLOAT,
        Float.BYTES,
        Shape.of(shape.dimension(0), shape.dimension(1), capacity, size),
        bytes -> {
          FloatBuffer target = bytes.asFloatBuffer();
          for (int block = 0; block < blocks; block++) {
            target.position(block * capacity * size);
            target.put(source.slice(block * oldBlock, length * size));
          }
        });
  }

  private NativeValue make(
      OnnxJavaType type, int elementBytes, Shape shape, Consumer<ByteBuffer> fill) {
    try (Closer closer = new Closer()) {
      ByteBuffer buffer = pool.take(shape.elementCount() * elementBytes);
      closer.add(() -> pool.giveBack(buffer));
      fill.accept(buffer);
      copied.add(shape.elementCount() * elementBytes);
      OnnxTensor tensor =
          closer.add(OnnxTensor.createTensor(environment, buffer, shape.toArray(), type));
      NativeValue value = new NativeValue(tensor, lifetime, () -> pool.giveBack(buffer));
      closer.keepAll();
      return value;
    } catch (OrtException e) {
      throw OnnxContext.FAILURES.during(lifetime, "making a tensor " + shape, e);
    }
  }
}
