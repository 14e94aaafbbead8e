package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class BufferPoolTest {

  private final BufferPool pool = new BufferPool();

  @Test
  void givesTheSameBufferAgainForASimilarLength() {
    ByteBuffer first = pool.take(5000);
    assertEquals(5000, first.limit());
    assertEquals(ByteOrder.nativeOrder(), first.order());
    assertTrue(first.isDirect());
    first.position(17);
    pool.giveBack(first);
    ByteBuffer second = pool.take(4100);
    assertSame(first, second);
    assertEquals(0, second.position());
    assertEquals(4100, second.limit());
  }

  @Test
  void neverGivesABufferToTwo() {
    ByteBuffer first = pool.take(100);
    assertNotSame(first, pool.take(100));
  }

  @Test
  void takesEmptyTensors() {
    assertEquals(0, pool.take(0).remaining());
  }

  @Test
  void sizesNearTheLimitOfABufferStayPositive() {
    assertEquals(1 << 20, pool.take((1 << 20) - 3).capacity());
    assertEquals(1 << 20, pool.take(1 << 20).capacity());
  }
}
