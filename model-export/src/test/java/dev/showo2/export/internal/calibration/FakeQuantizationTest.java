package dev.showo2.export.internal.calibration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.internal.FloatDecoding;
import org.junit.jupiter.api.Test;

class FakeQuantizationTest {

  @Test
  void everyHalfStaysWhatItIs() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float half = FloatDecoding.fromFloat16((short) bits);
      if (Float.isFinite(half)) {
        assertEquals(half, FakeQuantization.float16(half));
      }
    }
  }

  @Test
  void halvesAreTheNearestAndTiesGoToTheEvenOne() {
    assertEquals(1, FakeQuantization.float16(1 + 0x1p-11f));
    assertEquals(1 + 0x1p-9f, FakeQuantization.float16(1 + 3 * 0x1p-11f));
    assertEquals(1 + 0x1p-10f, FakeQuantization.float16(1 + 0x1.1p-11f));
    assertEquals(0x1p-24f, FakeQuantization.float16(0x1.8p-25f), "subnormal");
    assertEquals(0, FakeQuantization.float16(0x1p-25f));
    assertEquals(-65504, FakeQuantization.float16(-65519));
    assertEquals(Float.NEGATIVE_INFINITY, FakeQuantization.float16(-65520));
  }

  @Test
  void shortFloatsAreTheNearestAndTiesGoToTheEvenOne() {
    assertEquals(1, FakeQuantization.bfloat16(1 + 0x1p-8f));
    assertEquals(1 + 0x1p-6f, FakeQuantization.bfloat16(1 + 3 * 0x1p-8f));
    assertEquals(-1 - 0x1p-7f, FakeQuantization.bfloat16(-1 - 0x1.1p-8f));
    assertEquals(Float.POSITIVE_INFINITY, FakeQuantization.bfloat16(Float.MAX_VALUE));
    assertTrue(Float.isNaN(FakeQuantization.bfloat16(Float.NaN)));
  }

  @Test
  void rowsHaveTheirOwnScales() {
    float[] rows = {127, 0.4f, -0.6f, 0, 0, 0, 1.27f, 0.014f, -0.015f};
    FakeQuantization.rows(WeightEncoding.INT8, rows, 3, 3);
    assertArrayEquals(new float[] {127, 0, -1, 0, 0, 0, 1.27f, 0.01f, -0.02f}, rows, 1e-6f);
  }

  @Test
  void blocksHaveTheirOwnScales() {
    float[] row = new float[64];
    for (int i = 0; i < row.length; i++) {
      row[i] = (i < 32 ? 1 : 1000) * (i % 8);
    }
    float[] unquantized = row.clone();
    FakeQuantization.rows(WeightEncoding.INT4, row, 1, 64);
    assertArrayEquals(unquantized, row, 1e-3f);
  }

  @Test
  void inputsOfEightBitsHaveAScalePerToken() {
    Activations x = new Activations(2, 1, new float[][] {{127, 1.27f}, {0.4f, 0.014f}});
    Activations quantized = FakeQuantization.inputs(WeightEncoding.INT8, x);
    assertArrayEquals(new float[] {127, 1.27f}, quantized.values()[0], 1e-6f);
    assertArrayEquals(new float[] {0, 0.01f}, quantized.values()[1], 1e-6f);
    assertSame(
        x, FakeQuantization.inputs(WeightEncoding.INT4, x), "inputs of others stay as they are");
  }
}
