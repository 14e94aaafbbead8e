package dev.showo2.export.internal.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastTimeSliceTest {

  private static final Shape KERNEL = Shape.of(2, 1, 3, 1, 2);

  /** However the values are cut into chunks. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 12})
  void keepsTheLastSliceOfEachKernel(int chunkLength) throws IOException {
    ByteBuffer selected = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    LastTimeSlice selection = new LastTimeSlice(KERNEL, selected::put);
    for (int start = 0; start < 12; start += chunkLength) {
      int length = Math.min(chunkLength, 12 - start);
      ByteBuffer chunk = ByteBuffer.allocate(4 * length).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < length; i++) {
        chunk.putFloat(start + i);
      }
      selection.accept(chunk.flip());
      assertEquals(0, chunk.remaining());
    }
    float[] values = new float[4];
    selected.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    assertArrayEquals(new float[] {4, 5, 10, 11}, values);
    assertEquals(Shape.of(2, 1, 1, 2), LastTimeSlice.shape(KERNEL));
  }
}
