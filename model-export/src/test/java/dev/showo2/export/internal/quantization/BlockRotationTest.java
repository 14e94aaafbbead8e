package dev.showo2.export.internal.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rotations of blocks by regular Hadamard matrices. */
class BlockRotationTest {

  @ParameterizedTest
  @ValueSource(ints = {4, 16, 64})
  void areTheirOwnTransposeAndInverseWithEqualSumsOfRows(int size) {
    BlockRotation rotation = new BlockRotation(size);
    float[] matrix = rotation.matrix();
    float[] back = matrix.clone();
    rotation.apply(back, 0, back.length);
    for (int i = 0; i < size; i++) {
      float sum = 0;
      for (int j = 0; j < size; j++) {
        assertEquals(matrix[i * size + j], matrix[j * size + i]);
        assertEquals(1 / Math.sqrt(size), Math.abs(matrix[i * size + j]));
        assertEquals(i == j ? 1 : 0, back[i * size + j]);
        sum += matrix[i * size + j];
      }
      assertEquals(1, sum);
    }
  }

  @Test
  void multiplyEachBlockByTheMatrix() {
    BlockRotation rotation = BlockRotation.of(48);
    assertEquals(16, rotation.size());
    float[] matrix = rotation.matrix();
    float[] values = new float[50];
    Random random = new Random(7);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(64);
    }
    float[] expected = values.clone();
    for (int i = 1; i < 49; i++) {
      expected[i] = 0;
      for (int j = 0; j < 16; j++) {
        int block = (i - 1) / 16 * 16 + 1;
        expected[i] += values[block + j] * matrix[j * 16 + (i - 1) % 16];
      }
    }
    rotation.apply(values, 1, 48);
    assertArrayEquals(expected, values);
  }

  @Test
  void areTheLargestThatFit() {
    assertEquals(64, BlockRotation.of(8960).size());
    assertEquals(16, BlockRotation.of(4304).size());
    assertEquals(4, BlockRotation.of(20).size());
    assertFalse(BlockRotation.of(18).spreads());
  }
}
