package dev.showo2.export.internal.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Int4BlockTest {

  private final Random random = new Random(7);

  @Test
  void isNeverWorseThanTheLargestAtSevenAndMostlyBetter() {
    int better = 0;
    for (int i = 0; i < 2000; i++) {
      float[] block = block((float) Math.pow(10, random.nextInt(61) - 30));
      double plain = squaredError(block, largest(block) / 7);
      double chosen = squaredError(block, Int4Block.scale(block, 0));
      assertTrue(chosen <= plain, chosen + " above " + plain + " in " + Arrays.toString(block));
      better += chosen < 0.999 * plain ? 1 : 0;
    }
    assertTrue(better > 1000, better + " of 2000 blocks are better");
  }

  /** Squares of both are no floats: one would be infinite, the other zero. */
  @Test
  void choosesTheSameForHugeAndTinyValues() {
    float[] block = block(1);
    float scale = Int4Block.scale(block, 0);
    for (float factor : new float[] {0x1p120f, 0x1p-100f}) {
      float[] scaled = block.clone();
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] *= factor;
      }
      assertEquals(scale * factor, Int4Block.scale(scaled, 0));
    }
  }

  @Test
  void scalesArePositiveEvenOfZerosAndOfTheSmallestFloats() {
    float[] block = new float[Int4Block.LENGTH];
    assertEquals(1, Int4Block.scale(block, 0));
    for (int bits = 1; bits < 200; bits++) {
      block[5] = -Float.intBitsToFloat(bits);
      float scale = Int4Block.scale(block, 0);
      assertTrue(scale > 0);
      assertEquals(0, Int4Block.quantize(block[0], scale));
    }
  }

  @Test
  void noNumberAndInfinityShowInTheScale() {
    for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      float[] block = block(1);
      block[31] = value;
      assertTrue(!Float.isFinite(Int4Block.scale(block, 0)), "of " + value);
    }
  }

  @Test
  void clipsAtMinusEightAndSeven() {
    assertEquals(7, Int4Block.quantize(7.6f, 1));
    assertEquals(7, Int4Block.quantize(1e30f, 1));
    assertEquals(-8, Int4Block.quantize(-8.4f, 1));
    assertEquals(-8, Int4Block.quantize(-1e30f, 1));
    assertEquals(2, Int4Block.quantize(2.5f, 1), "a tie goes to the even integer");
    assertEquals(-4, Int4Block.quantize(-3.5f, 1));
  }

  @Test
  void looksAtItsOwnBlockOnly() {
    float[] row = new float[3 * Int4Block.LENGTH];
    Arrays.fill(row, 1000);
    float[] block = block(1);
    System.arraycopy(block, 0, row, Int4Block.LENGTH, Int4Block.LENGTH);
    assertEquals(Int4Block.scale(block, 0), Int4Block.scale(row, Int4Block.LENGTH));
  }

  /** For every pair there is: the first in the lower half, in two's complement. */
  @Test
  void packsTheFirstIntoTheLowerHalf() {
    for (int first = -8; first <= 7; first++) {
      for (int second = -8; second <= 7; second++) {
        byte packed = Int4Block.pack(first, second);
        assertEquals(first, packed << 28 >> 28);
        assertEquals(second, packed >> 4);
      }
    }
  }

  private float[] block(float deviation) {
    float[] block = new float[Int4Block.LENGTH];
    for (int i = 0; i < block.length; i++) {
      block[i] = (float) random.nextGaussian() * deviation;
    }
    return block;
  }

  private static float largest(float[] block) {
    float largest = 0;
    for (float value : block) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double squaredError(float[] block, float scale) {
    double sum = 0;
    for (float value : block) {
      double difference = value - (double) Int4Block.quantize(value, scale) * scale;
      sum += difference * difference;
    }
    return sum;
  }
}
