package dev.showo2.backend.tensorrt.emulation;

import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory of an emulated GPU, full of NaN when it comes and when it goes. */
final class EmulatedMemory implements DeviceMemory {

  private static final byte POISON = (byte) 0xFF;

  private final EmulatedStream stream;
  private final ByteBuffer bytes;
  private boolean closed;

  EmulatedMemory(EmulatedStream stream, long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("at least one byte is allocated, asked for " + bytes);
    }
    this.stream = stream;
    this.bytes = ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    poison();
  }

  void poison() {
    fill(bytes(0, bytes()), POISON);
  }

  static void fill(ByteBuffer buffer, byte value) {
    while (buffer.hasRemaining()) {
      buffer.put(value);
    }
  }

  /** For calls that are being enqueued. */
  EmulatedMemory checked(long end) {
    if (closed) {
      throw new IllegalStateException("memory of the GPU is used after it was freed");
    }
    if (end > bytes()) {
      throw new IllegalStateException(
          "byte " + end + " of memory of " + bytes() + " bytes is used");
    }
    return this;
  }

  /** The bytes from an offset on, without checks. */
  ByteBuffer bytes(long offset, long length) {
    return bytes
        .slice(Math.toIntExact(offset), Math.toIntExact(length))
        .order(ByteOrder.nativeOrder());
  }

  @Override
  public long bytes() {
    return bytes.capacity();
  }

  @Override
  public void close() {
    if (closed) {
      throw new IllegalStateException("memory of the GPU is freed twice");
    }
    closed = true;
    stream.freed(this);
  }
}
