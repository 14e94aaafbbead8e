package dev.showo2.export.internal.torch;

import dev.showo2.export.internal.io.CheckpointFile;
import dev.showo2.export.internal.torch.StridedLayout.Axis;
import dev.showo2.model.TensorSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Gathers the elements of a tensor that do not lie side by side, a transposed one for example.
 *
 * <p>The storage is mapped, not read: the order of the elements may jump through all of it, and the
 * operating system's page cache serves that better than buffers of our own.
 */
final class StridedReader {

  /** A power of two, so that no element lies across two windows. */
  private static final int WINDOW_BITS = 30;

  private static final long WINDOW_MASK = (1L << WINDOW_BITS) - 1;

  private final List<Axis> axes;
  private final int width;
  private final ByteBuffer[] windows;
  private final ByteBuffer chunk;
  private final TensorSink sink;

  private StridedReader(CheckpointFile file, TorchTensor tensor, TensorSink sink) {
    this.axes = tensor.layout().axes();
    this.width = tensor.type().byteSize();
    this.sink = sink;
    int capacity = (int) Math.min(TensorSink.MAX_CHUNK_BYTES, tensor.byteLength());
    this.chunk = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    ZipEntry storage = tensor.storage();
    this.windows = new ByteBuffer[(int) (storage.size() + WINDOW_MASK >> WINDOW_BITS)];
    for (int i = 0; i < windows.length; i++) {
      long start = (long) i << WINDOW_BITS;
      long length = Math.min(1L << WINDOW_BITS, storage.size() - start);
      windows[i] = file.map(storage.offset() + start, length);
    }
  }

  /** The tensor must have at least one element. */
  static void read(CheckpointFile file, TorchTensor tensor, TensorSink sink) throws IOException {
    StridedReader reader = new StridedReader(file, tensor, sink);
    reader.readAll(tensor.layout().offset());
    reader.flush();
  }

  /** Counts through all axes but the innermost like an odometer. */
  private void readAll(long offset) throws IOException {
    Axis inner = axes.get(axes.size() - 1);
    long[] index = new long[axes.size() - 1];
    long start = offset;
    while (true) {
      readRow(start, inner);
      int axis = index.length - 1;
      while (axis >= 0 && index[axis] == axes.get(axis).size() - 1) {
        start -= index[axis] * axes.get(axis).stride();
        index[axis] = 0;
        axis--;
      }
      if (axis < 0) {
        return;
      }
      index[axis]++;
      start += axes.get(axis).stride();
    }
  }

  private void readRow(long start, Axis row) throws IOException {
    long step = row.stride() * width;
    long position = start * width;
    for (long done = 0; done < row.size(); done++) {
      if (!chunk.hasRemaining()) {
        flush();
      }
      copy(windows[(int) (position >>> WINDOW_BITS)], (int) (position & WINDOW_MASK));
      position += step;
    }
  }

  private void copy(ByteBuffer window, int index) {
    switch (width) {
      case 8 -> chunk.putLong(window.getLong(index));
      case 4 -> chunk.putInt(window.getInt(index));
      case 2 -> chunk.putShort(window.getShort(index));
      default -> chunk.put(window.get(index));
    }
  }

  private void flush() throws IOException {
    sink.accept(chunk.flip());
    chunk.clear();
  }
}
