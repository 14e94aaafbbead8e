package dev.showo2.export.internal.quantization;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.apiguardian.api.API;

/**
 * Takes a weight in 32-bit floats and hands it on encoded, row by row. Scales are gathered until
 * all values have come: a 32nd of the elements at most. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class WeightEncoder extends RowSink {

  private final String name;
  private final WeightEncoding encoding;
  private final TensorSink target;
  private final ByteBuffer encoded;
  private final FloatBuffer scales;

  /**
   * @param name of the weight, for messages
   * @param shape of the weight
   * @param target takes the encoded values
   */
  public WeightEncoder(String name, Shape shape, WeightEncoding encoding, TensorSink target) {
    super(rowLength(shape, encoding));
    this.name = name;
    this.encoding = encoding;
    this.target = target;
    this.encoded = ByteBuffer.allocate(2 * row.length).order(ByteOrder.LITTLE_ENDIAN);
    this.scales =
        FloatBuffer.allocate(
            encoding.isScaled() ? Math.toIntExact(encoding.scales(shape).elementCount()) : 0);
  }

  /** Whatever is not in rows is encoded number by number: any length serves. */
  private static int rowLength(Shape shape, WeightEncoding encoding) {
    return encoding.isScaled()
        ? Math.toIntExact(shape.dimension(1))
        : (int) Math.min(shape.elementCount(), MAX_CHUNK_BYTES / Short.BYTES);
  }

  /** Hands on what is left, once all values have come. */
  public void finish() throws IOException {
    flush();
  }

  /** Hands on the scales, once all values have come. */
  public void writeScales(TensorSink sink) throws IOException {
    scales.flip();
    ByteBuffer chunk =
        ByteBuffer.allocate(Math.min(MAX_CHUNK_BYTES, scales.remaining() * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    while (scales.hasRemaining()) {
      chunk.clear();
      while (chunk.hasRemaining() && scales.hasRemaining()) {
        chunk.putFloat(scales.get());
      }
      sink.accept(chunk.flip());
    }
  }

  @Override
  void handOn(int count) throws IOException {
    encoded.clear();
    switch (encoding) {
      case FLOAT16 -> float16(count);
      case BFLOAT16 -> bfloat16(count);
      case INT8 -> int8(count);
      case INT4 -> int4(count);
      default -> throw new IllegalStateException(encoding + " needs no encoder");
    }
    target.accept(encoded.flip());
  }

  private void float16(int count) {
    for (int i = 0; i < count; i++) {
      if (!HalfRounding.fitsFloat16(finite(row[i]))) {
        throw unfit(row[i], "half precision ends at 65504: choose bf16 or fp32");
      }
      encoded.putShort(HalfRounding.toFloat16(row[i]));
    }
  }

  private void bfloat16(int count) {
    for (int i = 0; i < count; i++) {
      if (!HalfRounding.fitsBfloat16(finite(row[i]))) {
        throw unfit(row[i], "bfloat16 ends at 3.39e38: choose fp32");
      }
      encoded.putShort(HalfRounding.toBfloat16(row[i]));
    }
  }

  private void int8(int count) {
    float scale = finite(Int8Row.scale(row, 0, count));
    scales.put(scale);
    byte[] bytes = encoded.array();
    for (int i = 0; i < count; i++) {
      bytes[i] = Int8Row.quantize(row[i], scale);
    }
    encoded.position(count);
  }

  private void int4(int count) {
    byte[] bytes = encoded.array();
    for (int block = 0; block < count; block += Int4Block.LENGTH) {
      float scale = finite(Int4Block.scale(row, block));
      scales.put(scale);
      for (int i = block; i < block + Int4Block.LENGTH; i += 2) {
        bytes[i / 2] =
            Int4Block.pack(
                Int4Block.quantize(row[i], scale), Int4Block.quantize(row[i + 1], scale));
      }
    }
    encoded.position(count / 2);
  }

  private float finite(float value) {
    if (!Float.isFinite(value)) {
      throw unfit(value, "weights must be finite: the checkpoint is damaged");
    }
    return value;
  }

  private InvalidModelException unfit(float value, String why) {
    return new InvalidModelException(
        "the weight '" + name + "' has a value of magnitude " + Math.abs(value) + "; " + why);
  }
}
