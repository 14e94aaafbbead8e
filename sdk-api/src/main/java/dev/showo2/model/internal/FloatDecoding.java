package dev.showo2.model.internal;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.TensorInfo;
import dev.showo2.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.apiguardian.api.API;

/** Converts stored floating-point values to 32-bit floats. Stateless and thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FloatDecoding {

  private static final Set<ElementType> FLOATING =
      EnumSet.of(
          ElementType.FLOAT64, ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

  private FloatDecoding() {}

  /**
   * Converts the values of a tensor.
   *
   * @param bytes the stored values, little-endian; its position may change
   * @param info name, type and shape of the tensor
   * @return the values, row-major
   * @throws InvalidModelException if the elements are not floating-point numbers
   */
  public static float[] decode(ByteBuffer bytes, TensorInfo info) {
    if (!FLOATING.contains(info.type())) {
      throw new InvalidModelException(
          "tensor '" + info.name() + "' holds " + info.type() + ", not floating-point values");
    }
    float[] values = new float[Math.toIntExact(info.shape().elementCount())];
    switch (info.type()) {
      case FLOAT32 -> bytes.asFloatBuffer().get(values);
      case FLOAT64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) bytes.getDouble();
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = fromFloat16(bytes.getShort());
        }
      }
      default -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(bytes.getShort() << 16);
        }
      }
    }
    return values;
  }

  /**
   * Converts a value of IEEE 754 half precision; the JDK's Float.float16ToFloat exists only from
   * version 20 on.
   *
   * @param half the bits of the value
   * @return the same value
   */
  public static float fromFloat16(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | mantissa << 13);
    }
    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | mantissa << 13);
  }
}
