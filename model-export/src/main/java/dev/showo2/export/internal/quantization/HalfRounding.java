package dev.showo2.export.internal.quantization;

import org.apiguardian.api.API;

/** 32-bit floats to 16-bit ones, to the nearest; a tie goes to the even one. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class HalfRounding {

  /** The least magnitude that is nearer to 65,536, which half precision lacks, than to 65,504. */
  private static final int FLOAT16_OVERFLOW = Float.floatToRawIntBits(65_520f);

  /** The same for bfloat16, which ends at 0x1.fep127. */
  private static final int BFLOAT16_OVERFLOW = Float.floatToRawIntBits(0x1.ffp127f);

  private static final int FLOAT16_SMALLEST_NORMAL = Float.floatToRawIntBits(0x1p-14f);
  private static final int INFINITY = 0x7f80_0000;

  private HalfRounding() {}

  /** Whether half precision has a finite number next to a finite value. */
  public static boolean fitsFloat16(float value) {
    return (Float.floatToRawIntBits(value) & 0x7fff_ffff) < FLOAT16_OVERFLOW;
  }

  /** Whether bfloat16 has a finite number next to a finite value. */
  static boolean fitsBfloat16(float value) {
    return (Float.floatToRawIntBits(value) & 0x7fff_ffff) < BFLOAT16_OVERFLOW;
  }

  /** Values from 2<sup>128</sup> - 2<sup>119</sup> on become infinite; NaN stays NaN. */
  public static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7fff_ffff) > INFINITY) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  /**
   * IEEE 754 half precision, infinite from 65,520 on; NaN stays NaN. The JDK has this as
   * Float.floatToFloat16 only from version 20 on.
   */
  public static short toFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fff_ffff;
    if (magnitude > INFINITY) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= FLOAT16_OVERFLOW) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < FLOAT16_SMALLEST_NORMAL) {
      // A multiple of 2^-24, of which half precision has the first 1,024.
      return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24));
    }
    int rebased = magnitude - (112 << 23);
    return (short) (sign | rebased + 0xfff + (rebased >>> 13 & 1) >>> 13);
  }
}
