package dev.showo2.export.internal.lora;

import dev.showo2.model.TensorSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Cuts 32-bit floats that stream into rows, changes each and hands them on. Rows may be longer or
 * shorter than chunks.
 */
final class RowMerge implements TensorSink {

  private final RowChange change;
  private final TensorSink target;
  private final FloatBuffer row;
  private final ByteBuffer chunk =
      ByteBuffer.allocate(MAX_CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private int rows;

  RowMerge(int columns, RowChange change, TensorSink target) {
    this.row = FloatBuffer.allocate(columns);
    this.change = change;
    this.target = target;
  }

  @Override
  public void accept(ByteBuffer incoming) throws IOException {
    FloatBuffer values = incoming.asFloatBuffer();
    while (values.hasRemaining()) {
      transfer(values, row);
      if (!row.hasRemaining()) {
        change.apply(rows++, row.array());
        hand(row.flip());
        row.clear();
      }
    }
  }

  private void hand(FloatBuffer values) throws IOException {
    while (values.hasRemaining()) {
      int moved = transfer(values, chunk.asFloatBuffer());
      chunk.position(chunk.position() + moved * Float.BYTES);
      if (!chunk.hasRemaining()) {
        flush();
      }
    }
  }

  /** Hands on what is left; to be called when all values have come. */
  void flush() throws IOException {
    if (chunk.position() > 0) {
      target.accept(chunk.flip());
      chunk.clear();
    }
  }

  /** As many values as there are and fit. */
  private static int transfer(FloatBuffer from, FloatBuffer to) {
    int count = Math.min(from.remaining(), to.remaining());
    to.put(from.slice(from.position(), count));
    from.position(from.position() + count);
    return count;
  }
}
