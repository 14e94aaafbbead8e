package dev.showo2.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InsufficientMemoryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DirectBufferPoolTest {

  private final DirectBufferPool pool = new DirectBufferPool();

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

  @Test
  void buffersThatLieIdleMakeRoomForOthers() {
    AtomicInteger refusals = new AtomicInteger();
    DirectBufferPool tight =
        new DirectBufferPool(
            size -> {
              if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError("Cannot reserve " + size + " bytes");
              }
              return ByteBuffer.allocateDirect(size);
            });
    ByteBuffer small = tight.take(100);
    tight.giveBack(small);
    refusals.set(1);
    assertEquals(5000, tight.take(5000).limit());
    assertNotSame(small, tight.take(100));
  }

  @Test
  void aJvmWithoutRoomOutsideItsHeapIsOutOfMemory() {
    DirectBufferPool full =
        new DirectBufferPool(
            size -> {
              throw new OutOfMemoryError("Cannot reserve " + size + " bytes");
            });
    String message =
        assertThrows(InsufficientMemoryException.class, () -> full.take(5000)).getMessage();
    assertEquals(
        "the JVM may not have a buffer of 8 KiB outside its heap (Cannot reserve 8192 bytes);"
            + " allow it more with -XX:MaxDirectMemorySize",
        message);
  }
}
