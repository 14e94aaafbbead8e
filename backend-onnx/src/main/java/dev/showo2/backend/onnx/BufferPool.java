package dev.showo2.backend.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Direct buffers for what goes into the engine, used again and again: left to the garbage
 * collector, a buffer per denoising step would pile up outside the heap.
 */
final class BufferPool {

  private static final int SMALLEST = 1 << 10;

  /** What may lie idle; a buffer beyond it is left to the garbage collector. */
  private static final long MAX_IDLE_BYTES = 256L << 20;

  private final Map<Integer, Deque<ByteBuffer>> idle = new TreeMap<>();
  private long idleBytes;

  /**
   * @return a buffer in native order with limit {@code bytes}, to be given back
   */
  synchronized ByteBuffer take(long bytes) {
    int size = sizeClass(Math.toIntExact(bytes));
    Deque<ByteBuffer> buffers = idle.get(size);
    ByteBuffer buffer = buffers == null ? null : buffers.poll();
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(size);
    } else {
      idleBytes -= size;
    }
    return buffer.clear().limit((int) bytes).order(ByteOrder.nativeOrder());
  }

  synchronized void giveBack(ByteBuffer buffer) {
    if (idleBytes + buffer.capacity() <= MAX_IDLE_BYTES) {
      idle.computeIfAbsent(buffer.capacity(), size -> new ArrayDeque<>()).push(buffer);
      idleBytes += buffer.capacity();
    }
  }

  /** Powers of two, so that sequences of slightly different lengths share buffers. */
  private static int sizeClass(int bytes) {
    if (bytes <= SMALLEST) {
      return SMALLEST;
    }
    int power = Integer.highestOneBit(bytes - 1) << 1;
    return power > 0 ? power : bytes;
  }
}
