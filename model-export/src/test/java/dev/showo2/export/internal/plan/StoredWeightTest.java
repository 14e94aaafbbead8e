package dev.showo2.export.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.tensor.Shape;
import org.junit.jupiter.api.Test;

class StoredWeightTest {

  @Test
  void weightsTakeTheirValuesAndScales() {
    Shape matrix = Shape.of(3, 64);
    assertEquals(768, bytes(matrix, WeightEncoding.FLOAT32));
    assertEquals(384, bytes(matrix, WeightEncoding.FLOAT16));
    assertEquals(384, bytes(matrix, WeightEncoding.BFLOAT16));
    assertEquals(192 + 3 * 4, bytes(matrix, WeightEncoding.INT8));
    assertEquals(3 * 2 * (16 + 4), bytes(matrix, WeightEncoding.INT4), "two blocks a row");
    assertEquals(120 + 3 * 4, bytes(Shape.of(3, 40), WeightEncoding.INT8));
    assertEquals(0, bytes(Shape.of(0, 32), WeightEncoding.INT4));
  }

  private static long bytes(Shape shape, WeightEncoding encoding) {
    return new StoredWeight("a", "a", shape, encoding).byteLength();
  }
}
