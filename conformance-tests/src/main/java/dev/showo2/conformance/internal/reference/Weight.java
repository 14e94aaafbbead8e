package dev.showo2.conformance.internal.reference;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A weight: its first axis as rows, all others as columns. A linear layer has [out, in], a
 * convolution [out, in · kernel].
 *
 * @param reader decodes a row from where it is stored
 * @param roundsInputs whether a linear layer rounds each token to 8-bit integers before it
 *     multiplies it with this weight, which is in 8-bit integers itself
 * @param inputs what a linear layer does with each token before that; empty where it takes tokens
 *     as they are
 */
record Weight(
    int rows,
    int columns,
    RowReader reader,
    boolean roundsInputs,
    Optional<InputTransform> inputs) {

  Weight(int rows, int columns, RowReader reader, boolean roundsInputs) {
    this(rows, columns, reader, roundsInputs, Optional.empty());
  }

  /** The same of a layer that changes its inputs. */
  Weight of(InputTransform transform) {
    return new Weight(rows, columns, reader, roundsInputs, Optional.of(transform));
  }

  /** A copy of one row. */
  double[] row(int row) {
    return reader.row(row);
  }

  /** A copy of everything; for small ones. */
  double[] all() {
    double[] all = new double[Matrix.arrayLength((long) rows * columns)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(row(row), 0, all, row * columns, columns);
    }
    return all;
  }

  /** A changed copy on the heap; inputs are rounded as before. */
  Weight edited(Shape shape, UnaryOperator<HostTensor> change) {
    HostTensor edited = change.apply(new HostTensor(shape, Matrix.floats(all())));
    RowReader onHeap =
        row ->
            Matrix.doubles(Arrays.copyOfRange(edited.values(), row * columns, (row + 1) * columns));
    return new Weight(rows, columns, onHeap, roundsInputs, inputs);
  }
}
