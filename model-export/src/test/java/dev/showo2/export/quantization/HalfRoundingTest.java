package dev.showo2.export.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.model.FloatDecoding;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

class HalfRoundingTest {

  private static final ToIntFunction<Float> FLOAT16 =
      value -> Short.toUnsignedInt(HalfRounding.toFloat16(value));

  private static final ToIntFunction<Float> BFLOAT16 =
      value -> Short.toUnsignedInt(HalfRounding.toBfloat16(value));

  private static double float16(int bits) {
    return FloatDecoding.fromFloat16((short) bits);
  }

  private static double bfloat16(int bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  @Test
  void everyNumberOfSixteenBitsStays() {
    assertStays(FLOAT16, HalfRoundingTest::float16, 0x7c00);
    assertStays(BFLOAT16, HalfRoundingTest::bfloat16, 0x7f80);
  }

  private static void assertStays(
      ToIntFunction<Float> round, IntToDoubleFunction decode, int infinite) {
    for (int bits = 0; bits <= infinite; bits++) {
      assertEquals(bits, round.applyAsInt((float) decode.applyAsDouble(bits)));
      int negative = bits | 0x8000;
      assertEquals(negative, round.applyAsInt((float) decode.applyAsDouble(negative)));
    }
    assertTrue(Double.isNaN(decode.applyAsDouble(round.applyAsInt(Float.NaN))), "NaN stays");
  }

  @Test
  void whatLiesBetweenGoesToTheNearestAndHalfwayToTheEven() {
    assertNearest(FLOAT16, HalfRoundingTest::float16, 0x7bff);
    assertNearest(BFLOAT16, HalfRoundingTest::bfloat16, 0x7f7f);
  }

  private static void assertNearest(
      ToIntFunction<Float> round, IntToDoubleFunction decode, int largest) {
    for (int bits = 0; bits < largest; bits++) {
      float middle = (float) ((decode.applyAsDouble(bits) + decode.applyAsDouble(bits + 1)) / 2);
      assertEquals(bits + (bits & 1), round.applyAsInt(middle), "halfway after " + bits);
      assertEquals(bits, round.applyAsInt(Math.nextDown(middle)), "less after " + bits);
      assertEquals(bits + 1, round.applyAsInt(Math.nextUp(middle)), "more after " + bits);
    }
  }

  @Test
  void whatFitsIsWhatStaysFinite() {
    for (float sign : new float[] {1, -1}) {
      assertTrue(HalfRounding.fitsFloat16(sign * Math.nextDown(65_520f)));
      assertFalse(HalfRounding.fitsFloat16(sign * 65_520f));
    }
    assertFalse(HalfRounding.fitsFloat16(Float.NaN));
  }

  @Test
  void whatIsTooLargeBecomesInfinite() {
    assertEquals(0x7bff, FLOAT16.applyAsInt(Math.nextDown(65_520f)));
    assertEquals(0x7c00, FLOAT16.applyAsInt(65_520f));
    assertEquals(0xfc00, FLOAT16.applyAsInt(Float.NEGATIVE_INFINITY));
    assertEquals(0x7f80, BFLOAT16.applyAsInt(Float.MAX_VALUE));
  }
}
