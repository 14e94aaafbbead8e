package dev.showo2.backend.onnx;

import dev.showo2.error.InsufficientMemoryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Direct buffers for what goes into the engine, used again and again: left to the garbage
 * collector, a buffer per denoising step would pile up outside the heap.
 */
final class BufferPool {

  private static final int SMALLEST = 1 << 10;

  /** What may lie idle; a buffer beyond it is left to the garbage collector. */
  private static final long MAX_IDLE_BYTES = 256L << 20;

  private final IntFunction<ByteBuffer> allocator;
  private final Map<Integer, Deque<ByteBuffer>> idle = new TreeMap<>();
  private long idleBytes;

  BufferPool() {
    this(ByteBuffer::allocateDirect);
  }

  BufferPool(IntFunction<ByteBuffer> allocator) {
    this.allocator = allocator;
  }

  /**
   * @return a buffer in native order with limit {@code bytes}, to be given back
   * @throws InsufficientMemoryException if it is more than one buffer holds, or than the JVM may
   *     have outside its heap
   */
  synchronized ByteBuffer take(long bytes) {
    if (bytes > Integer.MAX_VALUE) {
      throw OnnxFailures.tooLargeForABuffer(bytes);
    }
    int size = sizeClass((int) bytes);
    Deque<ByteBuffer> buffers = idle.get(size);
    ByteBuffer buffer = buffers == null ? null : buffers.poll();
    if (buffer == null) {
      buffer = allocate(size);
    } else {
      idleBytes -= size;
    }
    return buffer.clear().limit((int) bytes).order(ByteOrder.nativeOrder());
  }

  private ByteBuffer allocate(int size) {
    try {
      return allocator.apply(size);
    } catch (OutOfMemoryError e) {
      // What lies idle here may be what is missing.
      idle.clear();
      idleBytes = 0;
    }
    try {
      return allocator.apply(size);
    } catch (OutOfMemoryError e) {
      throw new InsufficientMemoryException(
          "the JVM may not have a buffer of "
              + (size >> 10)
              + " KiB outside its heap ("
              + e.getMessage()
              + "); allow it more with -XX:MaxDirectMemorySize",
          e);
    }
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
