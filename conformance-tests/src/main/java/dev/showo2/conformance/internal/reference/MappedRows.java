package dev.showo2.conformance.internal.reference;

import dev.showo2.model.TensorInfo;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor as it is stored in its file, mapped: its first axis as rows, all others as columns.
 *
 * @param parts groups of {@code rowsPerPart} rows, because one buffer holds no more than 2 GiB
 */
record MappedRows(TensorInfo info, int rows, int columns, int rowsPerPart, List<ByteBuffer> parts) {

  private static final int LARGEST_PART = 1 << 30;

  static MappedRows map(FileChannel channel, TensorInfo tensor) throws IOException {
    Shape shape = tensor.shape();
    int rows = shape.rank() == 0 ? 1 : Math.toIntExact(shape.dimension(0));
    int columns = Math.toIntExact(shape.elementCount() / Math.max(1, rows));
    long rowBytes = Math.max(1, (long) columns * tensor.type().byteSize());
    int rowsPerPart = (int) Math.max(1, LARGEST_PART / rowBytes);
    List<ByteBuffer> parts = new ArrayList<>();
    for (int row = 0; row < rows; row += rowsPerPart) {
      long bytes = Math.min(rowsPerPart, rows - row) * rowBytes;
      parts.add(
          channel.map(FileChannel.MapMode.READ_ONLY, tensor.offset() + row * rowBytes, bytes));
    }
    return new MappedRows(tensor, rows, columns, rowsPerPart, List.copyOf(parts));
  }

  /** The bytes of one row, little-endian. */
  ByteBuffer row(int row) {
    int bytes = columns * info.type().byteSize();
    return parts
        .get(row / rowsPerPart)
        .slice(row % rowsPerPart * bytes, bytes)
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
