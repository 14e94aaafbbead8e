package dev.showo2.export.internal.quantization;

import dev.showo2.model.SafetensorsWriter.TensorSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Gathers the rows of a tensor in 32-bit floats from chunks of any length. Not thread-safe. */
abstract class RowSink implements TensorSink {

  /** The row that is being gathered. */
  final float[] row;

  private int filled;

  RowSink(int width) {
    row = new float[width];
  }

  @Override
  public final void accept(ByteBuffer chunk) throws IOException {
    FloatBuffer values = chunk.asFloatBuffer();
    while (values.hasRemaining()) {
      int count = Math.min(row.length - filled, values.remaining());
      values.get(row, filled, count);
      filled += count;
      if (filled == row.length) {
        flush();
      }
    }
  }

  /** Hands on the values that have come since the last row, if there are any. */
  final void flush() throws IOException {
    int count = filled;
    filled = 0;
    if (count > 0) {
      handOn(count);
    }
  }

  /**
   * Takes the first values of the row, all of them but at the end of a tensor.
   *
   * @param count of the values
   */
  abstract void handOn(int count) throws IOException;
}
