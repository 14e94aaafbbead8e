package dev.showo2.export.checkpoint;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Values of test weights: a key always has the same, and every floating-point type holds them. */
public final class SeededValues {

  private static final float UNIT = 0x1p-10f;

  private SeededValues() {}

  /** Multiples of 2<sup>-10</sup> below 1/8. */
  public static float[] of(String key, Shape shape) {
    Random random = new Random(key.hashCode());
    float[] values = new float[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (random.nextInt(255) - 127) * UNIT;
    }
    return values;
  }

  static byte[] encode(float[] values, ElementType type) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * type.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case FLOAT64 -> bytes.putDouble(value);
        case FLOAT32 -> bytes.putFloat(value);
        case FLOAT16 -> bytes.putShort(half(value));
        case BFLOAT16 -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
        case INT64 -> bytes.putLong((long) value);
        default -> throw new IllegalArgumentException("no test weights of " + type);
      }
    }
    return bytes.array();
  }

  /** Only for values that have a normal half-precision number of exactly their size, and 0. */
  private static short half(float value) {
    int bits = Float.floatToIntBits(value);
    int magnitude = value == 0 ? 0 : (bits >> 13 & 0x3ffff) - (112 << 10);
    return (short) (bits >>> 16 & 0x8000 | magnitude);
  }
}
