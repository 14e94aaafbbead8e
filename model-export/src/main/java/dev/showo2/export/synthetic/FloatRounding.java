package dev.showo2.export.synthetic;

/** 32-bit floats to 16 bits, to the nearest, to the even one of two that are equally near. */
final class FloatRounding {

  private static final int INFINITE = 0x7f800000;

  /** 65520, from which on float16 rounds to infinity. */
  private static final int FLOAT16_OVERFLOW = 0x477ff000;

  /** 2<sup>-14</sup>, below which float16 has steps of 2<sup>-24</sup>. */
  private static final int FLOAT16_NORMAL = 0x38800000;

  private FloatRounding() {}

  static short toBfloat16(float value) {
    int bits = Float.floatToIntBits(value);
    return (short) ((value == value ? bits + 0x7fff + (bits >>> 16 & 1) : bits) >>> 16);
  }

  static short toFloat16(float value) {
    int bits = Float.floatToIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int size = bits & 0x7fffffff;
    if (size >= FLOAT16_OVERFLOW) {
      return (short) (sign | (size > INFINITE ? 0x7e00 : 0x7c00));
    }
    if (size < FLOAT16_NORMAL) {
      // The floats from 0.5 on have just these steps.
      int stepped = Float.floatToIntBits(Float.intBitsToFloat(size) + 0.5f);
      return (short) (sign | stepped - Float.floatToIntBits(0.5f));
    }
    int rebiased = size - (112 << 23);
    return (short) (sign | rebiased + 0xfff + (rebiased >>> 13 & 1) >>> 13);
  }
}
