package dev.showo2.conformance;

import dev.showo2.export.internal.quantization.Int4Block;
import dev.showo2.export.internal.quantization.Int8Row;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.internal.FloatDecoding;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A weight as its file has it.
 *
 * @param scales empty where values are no integers
 * @param decoded what is left of the weight
 */
public record EncodedWeight(
    WeightEncoding encoding,
    Shape shape,
    ByteBuffer values,
    ByteBuffer scales,
    HostTensor decoded) {

  /** Below this, half precision has fewer bits. */
  private static final float LEAST_NORMAL_HALF = 0x1p-14f;

  public static EncodedWeight of(HostTensor weight, WeightEncoding encoding) {
    Shape stored = encoding.stored(weight.shape());
    EncodedWeight encoded =
        new EncodedWeight(
            encoding,
            stored,
            buffer(stored.elementCount() * encoding.type().byteSize()),
            buffer(encoding.isScaled() ? encoding.scales(weight.shape()).elementCount() * 4 : 0),
            HostTensor.zeros(weight.shape()));
    encoded.encode(weight.values(), Math.toIntExact(weight.shape().dimension(-1)));
    encoded.values.flip();
    encoded.scales.flip();
    return encoded;
  }

  private static ByteBuffer buffer(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void encode(float[] weight, int columns) {
    float[] left = decoded.values();
    switch (encoding) {
      case FLOAT32 -> {
        for (int i = 0; i < weight.length; i++) {
          values.putFloat(weight[i]);
          left[i] = weight[i];
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < weight.length; i++) {
          values.putShort(half(weight[i]));
          left[i] = FloatDecoding.fromFloat16(half(weight[i]));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < weight.length; i++) {
          int bits = Float.floatToRawIntBits(weight[i]);
          short upper = (short) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
          values.putShort(upper);
          left[i] = Float.intBitsToFloat(upper << 16);
        }
      }
      case INT8 -> {
        for (int start = 0; start < weight.length; start += columns) {
          float scale = Int8Row.scale(weight, start, columns);
          scales.putFloat(scale);
          for (int i = start; i < start + columns; i++) {
            byte integer = Int8Row.quantize(weight[i], scale);
            values.put(integer);
            left[i] = integer * scale;
          }
        }
      }
      case INT4 -> {
        for (int start = 0; start < weight.length; start += Int4Block.LENGTH) {
          float scale = Int4Block.scale(weight, start);
          scales.putFloat(scale);
          for (int i = start; i < start + Int4Block.LENGTH; i += 2) {
            int first = Int4Block.quantize(weight[i], scale);
            int second = Int4Block.quantize(weight[i + 1], scale);
            values.put(Int4Block.pack(first, second));
            left[i] = first * scale;
            left[i + 1] = second * scale;
          }
        }
      }
    }
  }

  /** Ties go to even. */
  private static short half(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (magnitude < LEAST_NORMAL_HALF) {
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    int bits = Float.floatToRawIntBits(magnitude);
    return (short) (sign | (bits + 0xfff + (bits >> 13 & 1) - (112 << 23) >> 13));
  }

  ElementType type() {
    return encoding.type();
  }

  boolean isScaled() {
    return encoding.isScaled();
  }
}
