package dev.showo2.export.internal.calibration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowBlocksTest {

  private static final int COLUMNS = 1000;

  /** However many rows there are, and however they are cut into chunks. */
  @Test
  void aFewBlocksServeAllRows() {
    int rows = 5000;
    Set<float[]> blocks =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    float[] firsts = new float[rows];
    try (RowWorkers workers = new RowWorkers(3)) {
      WeightReader.RowBlocks target =
          new WeightReader.RowBlocks(
              rows,
              COLUMNS,
              workers,
              (values, first, count) -> {
                blocks.add(values);
                for (int row = 0; row < count; row++) {
                  firsts[first + row] += values[row * COLUMNS];
                }
              });
      float[] chunk = new float[1250];
      for (int start = 0; start < rows * COLUMNS; start += chunk.length) {
        for (int i = 0; i < chunk.length; i++) {
          chunk[i] = (start + i) / COLUMNS;
        }
        target.put(FloatBuffer.wrap(chunk));
      }
      target.finish();
    }
    float[] expected = new float[rows];
    for (int row = 0; row < rows; row++) {
      expected[row] = row;
    }
    assertArrayEquals(expected, firsts);
    assertTrue(blocks.size() <= 5, () -> blocks.size() + " blocks");
    blocks.forEach(
        block ->
            assertEquals(WeightReader.RowBlocks.BLOCK_VALUES / COLUMNS * COLUMNS, block.length));
  }

  @Test
  void whatFailsInAWorkerFailsForAll() {
    try (RowWorkers workers = new RowWorkers(1)) {
      WeightReader.RowBlocks target =
          new WeightReader.RowBlocks(
              1,
              1,
              workers,
              (values, first, count) -> {
                throw new IndexOutOfBoundsException("planted");
              });
      target.put(FloatBuffer.wrap(new float[1]));
      Exception failure = assertThrows(IllegalStateException.class, target::finish);
      assertEquals("planted", failure.getCause().getMessage());
    }
  }
}
