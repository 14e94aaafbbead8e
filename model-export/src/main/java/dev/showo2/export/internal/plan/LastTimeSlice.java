package dev.showo2.export.internal.plan;

import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Keeps the last time slice of each kernel of a causal convolution [out, in, time, height, width]
 * in 32-bit floats: all that matters for a single image (SPEC 1). Not thread-safe.
 */
final class LastTimeSlice implements TensorSink {

  private final TensorSink target;
  private final int kernelBytes;
  private final int firstKept;

  /** Where in its kernel the next chunk starts. */
  private int position;

  /** Grows to the largest chunk and is used for all of them. */
  private ByteBuffer selected = ByteBuffer.allocate(0);

  LastTimeSlice(Shape kernel, TensorSink target) {
    this.target = target;
    int sliceBytes = Math.toIntExact(kernel.dimension(3) * kernel.dimension(4)) * Float.BYTES;
    this.kernelBytes = Math.toIntExact(kernel.dimension(2)) * sliceBytes;
    this.firstKept = kernelBytes - sliceBytes;
  }

  /** The shape that is left: [out, in, height, width]. */
  static Shape shape(Shape kernel) {
    return Shape.of(
        kernel.dimension(0), kernel.dimension(1), kernel.dimension(3), kernel.dimension(4));
  }

  @Override
  public void accept(ByteBuffer chunk) throws IOException {
    if (selected.capacity() < chunk.remaining()) {
      selected = ByteBuffer.allocate(chunk.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    }
    selected.clear();
    while (chunk.hasRemaining()) {
      int end = position < firstKept ? firstKept : kernelBytes;
      int length = Math.min(end - position, chunk.remaining());
      if (position >= firstKept) {
        selected.put(chunk.slice(chunk.position(), length));
      }
      chunk.position(chunk.position() + length);
      position = (position + length) % kernelBytes;
    }
    if (selected.flip().hasRemaining()) {
      target.accept(selected);
    }
  }
}
