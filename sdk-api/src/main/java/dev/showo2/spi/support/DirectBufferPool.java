package dev.showo2.spi.support;

import dev.showo2.error.InsufficientMemoryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.apiguardian.api.API;

/**
 * A pool of direct buffers for the inputs of an engine. Without it a buffer per denoising step
 * would pile up outside the heap until the garbage collector runs. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DirectBufferPool {

  private static final int SMALLEST = 1 << 10;

  /** Most bytes that are kept idle; a buffer beyond is left to the garbage collector. */
  private static final long MAX_IDLE_BYTES = 256L << 20;

  private final IntFunction<ByteBuffer> allocator;
  private final Map<Integer, Deque<ByteBuffer>> idle = new TreeMap<>();
  private long idleBytes;

  /** Makes an empty pool. */
  public DirectBufferPool() {
    this(ByteBuffer::allocateDirect);
  }

  /**
   * Makes an empty pool with memory of a certain kind, such as page-locked memory.
   *
   * @param allocator makes a direct buffer of a number of bytes; may throw {@link
   *     OutOfMemoryError}, after which it is asked once more
   */
  public DirectBufferPool(IntFunction<ByteBuffer> allocator) {
    this.allocator = Objects.requireNonNull(allocator, "allocator");
  }

  /**
   * Lends a buffer.
   *
   * @param bytes at least 0
   * @return a direct buffer in native order with position 0 and limit {@code bytes}, to be given
   *     back
   * @throws InsufficientMemoryException if it is more than one buffer holds, or than the JVM may
   *     have outside its heap
   */
  public synchronized ByteBuffer take(long bytes) {
    checkSize(bytes);
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

  /**
   * Refuses tensors that no buffer holds, since an {@code int} is the index into a buffer.
   *
   * @param bytes size of the tensor
   * @throws InsufficientMemoryException if no buffer is so large
   */
  public static void checkSize(long bytes) {
    if (bytes > Integer.MAX_VALUE) {
      throw new InsufficientMemoryException(
          "a tensor of "
              + (bytes >> 20)
              + " MiB is more than a Java buffer holds; ask for a smaller image");
    }
  }

  private ByteBuffer allocate(int size) {
    try {
      return allocator.apply(size);
    } catch (OutOfMemoryError e) {
      // The idle buffers may be the memory that is missing.
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

  /**
   * Takes a buffer back.
   *
   * @param buffer from {@link #take}; nobody uses it any more
   */
  public synchronized void giveBack(ByteBuffer buffer) {
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
