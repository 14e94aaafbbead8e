package dev.showo2.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FloatMathTest {

  private static final int UNIFORMS = 1 << 24;
  private static final int STRIDE = 97;

  @Test
  void logIsExactToALastPlaceOrTwo() {
    for (int i = 1; i <= UNIFORMS; i += STRIDE) {
      float x = i * 0x1p-24f;
      float exact = (float) StrictMath.log(x);
      assertEquals(exact, FloatMath.log(x), 2 * Math.ulp(exact), () -> "log " + x);
    }
    assertEquals(0, FloatMath.log(1));
  }

  @Test
  void sineAndCosineAreExactOverTheWholeTurn() {
    for (int i = 0; i < UNIFORMS; i += STRIDE) {
      float x = (float) (2 * Math.PI) * (i * 0x1p-24f);
      assertEquals(StrictMath.sin(x), FloatMath.sin(x), 1.2e-7, () -> "sin " + x);
      assertEquals(StrictMath.cos(x), FloatMath.cos(x), 1.2e-7, () -> "cos " + x);
    }
  }
}
