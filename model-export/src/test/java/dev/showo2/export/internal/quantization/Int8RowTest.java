package dev.showo2.export.internal.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Int8RowTest {

  @ParameterizedTest
  @ValueSource(floats = {1e-30f, 3e-5f, 0.1f, 1, 3, 1e30f, Float.MAX_VALUE})
  void theLargestBecomes127(float largest) {
    for (float sign : new float[] {1, -1}) {
      float[] row = {0, largest / 3, sign * largest, -largest / 2};
      float scale = Int8Row.scale(row, 0, row.length);
      assertEquals(sign * 127, Int8Row.quantize(row[2], scale));
      assertEquals(0, Int8Row.quantize(0, scale));
      assertEquals(0, Int8Row.quantize(-0f, scale));
    }
  }

  /** As ONNX's Round and QuantizeLinear do it. */
  @Test
  void tiesGoToTheEvenInteger() {
    float[] values = {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 125.5f, 126.5f};
    int[] integers = {0, 2, 2, 0, -2, -2, 126, 126};
    for (int i = 0; i < values.length; i++) {
      assertEquals(integers[i], Int8Row.quantize(values[i], 1), "of " + values[i]);
    }
  }

  @Test
  void negationIsExact() {
    float[] row = random(1, 257, 1);
    float scale = Int8Row.scale(row, 0, row.length);
    for (float value : row) {
      assertEquals(-Int8Row.quantize(value, scale), Int8Row.quantize(-value, scale));
    }
  }

  @Test
  void noValueIsFurtherOffThanHalfAStep() {
    float[] row = random(2, 4096, 0.02f);
    float scale = Int8Row.scale(row, 0, row.length);
    for (float value : row) {
      float error = Math.abs(value - Int8Row.quantize(value, scale) * scale);
      assertTrue(error <= scale * 0.50001f, () -> value + " is off by " + error);
    }
  }

  @Test
  void looksAtItsOwnRowOnly() {
    float[] rows = {100, 1, -2, 3, 200};
    assertEquals(3f / 127, Int8Row.scale(rows, 1, 3));
  }

  @Test
  void zerosHaveAPositiveScale() {
    float scale = Int8Row.scale(new float[] {0, -0f, 0}, 0, 3);
    assertEquals(1, scale);
    assertEquals(0, Int8Row.quantize(-0f, scale));
  }

  /** Where floats have few bits left, a scale may be less than two thirds of what it should be. */
  @Test
  void theSmallestFloatsDoNotOverflow() {
    for (int bits = 1; bits < 1000; bits++) {
      float[] row = {Float.intBitsToFloat(bits), -Float.intBitsToFloat(bits)};
      float scale = Int8Row.scale(row, 0, 2);
      int integer = Int8Row.quantize(row[0], scale);
      assertTrue(scale > 0 && integer >= 0 && integer <= 127, "at " + bits + ": " + integer);
      assertEquals(-integer, Int8Row.quantize(row[1], scale));
    }
  }

  private static float[] random(long seed, int length, float deviation) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian() * deviation;
    }
    return values;
  }
}
