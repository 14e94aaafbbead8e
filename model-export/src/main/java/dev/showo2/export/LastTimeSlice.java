package dev.showo2.export;

import dev.showo2.export.checkpoint.TensorSink;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Keeps the last time slice of each kernel of a causal convolution [out, in, time, height, width]
 * in 32-bit floats: all that matters for a single image (SPEC 1).
 */
final class LastTimeSlice implements TensorSink {

  private final TensorSink target;
  private final int kernelBytes;
  private final int firstKept;
  private long position;

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
    ByteBuffer kept = ByteBuffer.allocate(chunk.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    while (chunk.hasRemaining()) {
      float value = chunk.getFloat();
      if (position % kernelBytes >= firstKept) {
        kept.putFloat(value);
      }
      position += Float.BYTES;
    }
    kept.flip();
    if (kept.hasRemaining()) {
      target.accept(kept);
    }
  }
}
