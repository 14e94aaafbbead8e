package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Makes pointers of addresses and of buffers; nothing else does.
 *
 * <p>None of them owns memory: JavaCPP counts what its own pointers own, compares it and the whole
 * memory of the process with limits made from the heap's, and refuses more with an {@link
 * OutOfMemoryError}, which mapped weights are enough for.
 */
final class NativeMemory {

  private NativeMemory() {}

  /** A pointer to an address. */
  static Pointer at(long address) {
    return new Address(address);
  }

  /**
   * A pointer to the first remaining byte of a direct buffer, which is kept as long as the pointer
   * is. JavaCPP 1.5.13 takes the position of a buffer of longs or floats for a number of bytes:
   * hence the slice of a buffer of bytes.
   */
  static Pointer of(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("a direct buffer was expected, found one on the heap");
    }
    return new Pointer(buffer.slice());
  }

  /** A text as C reads it, in UTF-8. */
  static BytePointer text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new BytePointer(
        of(ByteBuffer.allocateDirect(bytes.length + 1).put(bytes).put((byte) 0).flip()));
  }

  /** A view of memory that somebody else owns. */
  static ByteBuffer view(long address, int bytes) {
    return new BytePointer(at(address))
        .capacity(bytes)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder());
  }

  private static final class Address extends Pointer {
    Address(long address) {
      this.address = address;
    }
  }
}
