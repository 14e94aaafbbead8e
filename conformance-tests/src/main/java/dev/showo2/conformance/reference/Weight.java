package dev.showo2.conformance.reference;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A weight as it lies in its file: its first axis as rows, all others as columns. A linear layer
 * has [out, in], a convolution [out, in · kernel].
 *
 * @param parts groups of {@code rowsPerPart} rows, because one buffer holds no more than 2 GiB
 */
record Weight(int rows, int columns, int rowsPerPart, List<FloatBuffer> parts) {

  /** A copy of one row. */
  double[] row(int row) {
    float[] values = new float[columns];
    parts.get(row / rowsPerPart).get(row % rowsPerPart * columns, values);
    return Matrix.doubles(values);
  }

  /** A copy of everything; for small ones. */
  double[] all() {
    double[] all = new double[Matrix.arrayLength((long) rows * columns)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(row(row), 0, all, row * columns, columns);
    }
    return all;
  }

  /** A changed copy on the heap. */
  Weight edited(Shape shape, UnaryOperator<HostTensor> change) {
    HostTensor edited = change.apply(new HostTensor(shape, Matrix.floats(all())));
    return new Weight(rows, columns, rows, List.of(FloatBuffer.wrap(edited.values())));
  }
}
