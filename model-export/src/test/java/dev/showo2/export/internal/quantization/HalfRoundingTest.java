package dev.showo2.export.internal.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.model.internal.FloatDecoding;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** All 16-bit numbers there are, and the values between any two of them. */
class HalfRoundingTest {

  private static final int FLOAT16_INFINITY = 0x7c00;
  private static final int BFLOAT16_INFINITY = 0x7f80;
  private static final int SIGN = 0x8000;

  private interface Rounding {
    short apply(float value);
  }

  @Test
  void everyHalfIsItself() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = FloatDecoding.fromFloat16((short) bits);
      if (!Float.isNaN(value)) {
        assertBits(bits, HalfRounding.toFloat16(value), value);
      }
    }
  }

  @Test
  void everyBfloat16IsItself() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Float.intBitsToFloat(bits << 16);
      if (!Float.isNaN(value)) {
        assertBits(bits, HalfRounding.toBfloat16(value), value);
      }
    }
  }

  @Test
  void valuesBetweenTwoHalvesGoToTheNearer() {
    // Half precision would go on with 65,536.
    assertNearest(
        FLOAT16_INFINITY,
        bits ->
            bits == FLOAT16_INFINITY ? 0x1p16 : (double) FloatDecoding.fromFloat16((short) bits),
        HalfRounding::toFloat16);
  }

  @Test
  void valuesBetweenTwoBfloat16GoToTheNearer() {
    assertNearest(
        BFLOAT16_INFINITY,
        bits -> bits == BFLOAT16_INFINITY ? 0x1p128 : Float.intBitsToFloat(bits << 16),
        HalfRounding::toBfloat16);
  }

  /** Midpoints and the floats beside them, of both signs, up to infinity. */
  private static void assertNearest(int infinity, IntToDoubleFunction decode, Rounding rounding) {
    for (int bits = 0; bits < infinity; bits++) {
      float middle = (float) ((decode.applyAsDouble(bits) + decode.applyAsDouble(bits + 1)) / 2);
      assertBoth(bits + (bits & 1), middle, rounding);
      assertBoth(bits, Math.nextDown(middle), rounding);
      assertBoth(bits + 1, Math.nextUp(middle), rounding);
    }
  }

  private static void assertBoth(int bits, float value, Rounding rounding) {
    assertBits(bits, rounding.apply(value), value);
    assertBits(bits | SIGN, rounding.apply(-value), -value);
  }

  private static void assertBits(int expected, short actual, float value) {
    // A message composed in advance would take longer than all the rest.
    if (expected != (actual & 0xffff)) {
      assertEquals(Integer.toHexString(expected), Integer.toHexString(actual & 0xffff), "" + value);
    }
  }

  @Test
  void whatIsTooLargeIsInfinite() {
    for (float value : new float[] {65_520, 1e5f, Float.MAX_VALUE, Float.POSITIVE_INFINITY}) {
      assertBoth(FLOAT16_INFINITY, value, HalfRounding::toFloat16);
      assertFalse(HalfRounding.fitsFloat16(value));
      assertFalse(HalfRounding.fitsFloat16(-value));
    }
    assertBoth(FLOAT16_INFINITY - 1, Math.nextDown(65_520f), HalfRounding::toFloat16);
    assertTrue(HalfRounding.fitsFloat16(-Math.nextDown(65_520f)));
    assertBoth(BFLOAT16_INFINITY, Float.MAX_VALUE, HalfRounding::toBfloat16);
    assertFalse(HalfRounding.fitsBfloat16(0x1.ffp127f));
    assertTrue(HalfRounding.fitsBfloat16(Math.nextDown(0x1.ffp127f)));
  }

  @Test
  void whatIsTooSmallIsZeroOfTheSameSign() {
    for (float value : new float[] {0, Float.MIN_VALUE, 0x1p-25f}) {
      assertBoth(0, value, HalfRounding::toFloat16);
    }
    assertBoth(1, Math.nextUp(0x1p-25f), HalfRounding::toFloat16);
    assertBoth(0, Float.MIN_VALUE, HalfRounding::toBfloat16);
  }

  /** Whatever its bits are: cut off, some would be those of infinity. */
  @Test
  void noNumberStaysNoNumber() {
    for (int bits : new int[] {0x7f80_0001, 0x7fc0_0000, 0x7fff_ffff, 0xff80_0001, 0xffff_ffff}) {
      float value = Float.intBitsToFloat(bits);
      assertTrue(Float.isNaN(FloatDecoding.fromFloat16(HalfRounding.toFloat16(value))));
      assertTrue(Float.isNaN(Float.intBitsToFloat(HalfRounding.toBfloat16(value) << 16)));
    }
  }
}
