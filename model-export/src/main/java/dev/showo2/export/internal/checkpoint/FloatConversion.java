package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.model.internal.FloatDecoding;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.apiguardian.api.API;

/**
 * Stored floating-point values to 32-bit floats, chunk by chunk. From half precision the conversion
 * is exact; 64-bit values are rounded to the nearest float, and those beyond its range become
 * infinite.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FloatConversion {

  private FloatConversion() {}

  /**
   * A sink that takes chunks of one type and hands them on as {@link ElementType#FLOAT32}.
   *
   * <p>It belongs to one thread.
   *
   * @param name of the tensor, for the message
   * @param type of the chunks that come in
   * @throws InvalidModelException if the type is not a floating-point type
   */
  public static TensorSink toFloat32(String name, ElementType type, TensorSink target) {
    requireFloatingPoint(name, type);
    return type == ElementType.FLOAT32 ? target : new Converter(type, target);
  }

  private static void requireFloatingPoint(String name, ElementType type) {
    switch (type) {
      case FLOAT32, FLOAT16, BFLOAT16, FLOAT64 -> {}
      default ->
          throw new InvalidModelException(
              "tensor '" + name + "' holds " + type + ", floating-point values were expected");
    }
  }

  public static HostTensor readAll(CheckpointWeights weights, String name) {
    ElementType type = weights.type(name);
    requireFloatingPoint(name, type);
    long count = weights.shape(name).elementCount();
    if (count > Integer.MAX_VALUE - 8) {
      throw new InvalidModelException(
          "tensor '"
              + name
              + "' has "
              + count
              + " elements, more than a Java array can hold; it can only be streamed");
    }
    float[] values = new float[(int) count];
    FloatBuffer destination = FloatBuffer.wrap(values);
    TensorSink sink = chunk -> destination.put(chunk.asFloatBuffer());
    try {
      weights.read(name, toFloat32(name, type, sink));
    } catch (IOException e) {
      throw new UncheckedIOException("memory does no input or output", e);
    }
    return new HostTensor(weights.shape(name), values);
  }

  private static final class Converter implements TensorSink {

    /** Values converted at a time: few enough to stay in the processor's cache. */
    private static final int BLOCK = 4096;

    private final ElementType type;
    private final TensorSink target;
    private final float[] block = new float[BLOCK];
    private final short[] halves = new short[BLOCK];
    private final ByteBuffer converted =
        ByteBuffer.allocate(MAX_CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    Converter(ElementType type, TensorSink target) {
      this.type = type;
      this.target = target;
    }

    @Override
    public void accept(ByteBuffer chunk) throws IOException {
      // A chunk of 16-bit values is twice as long afterwards and may have to go on in two.
      while (chunk.hasRemaining()) {
        converted.clear();
        while (chunk.hasRemaining() && converted.hasRemaining()) {
          int count =
              Math.min(
                  BLOCK,
                  Math.min(
                      chunk.remaining() / type.byteSize(), converted.remaining() / Float.BYTES));
          convert(chunk, count);
          converted.asFloatBuffer().put(block, 0, count);
          converted.position(converted.position() + count * Float.BYTES);
        }
        target.accept(converted.flip());
      }
    }

    /** Loops over arrays, which the JVM turns into vector instructions. */
    private void convert(ByteBuffer chunk, int count) {
      if (type == ElementType.FLOAT64) {
        for (int i = 0; i < count; i++) {
          block[i] = (float) chunk.getDouble();
        }
        return;
      }
      chunk.asShortBuffer().get(halves, 0, count);
      chunk.position(chunk.position() + count * Short.BYTES);
      if (type == ElementType.BFLOAT16) {
        for (int i = 0; i < count; i++) {
          block[i] = Float.intBitsToFloat(halves[i] << 16);
        }
      } else {
        for (int i = 0; i < count; i++) {
          block[i] = FloatDecoding.fromFloat16(halves[i]);
        }
      }
    }
  }
}
