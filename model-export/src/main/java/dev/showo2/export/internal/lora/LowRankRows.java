package dev.showo2.export.internal.lora;

import java.util.Arrays;

/**
 * Adds scale · (left · right), with left [rows, rank] and right [rank, columns].
 *
 * <p>Sums run in 32-bit floats, as PEFT's do on 32-bit factors.
 */
@SuppressWarnings("ArrayRecordComponent") // numeric data, never compared
record LowRankRows(Left left, float[] right, int columns, float scale, float[] sums)
    implements RowChange {

  /** The left factor as it is stored, whichever of its axes comes first. */
  @SuppressWarnings("ArrayRecordComponent") // numeric data, never compared
  record Left(float[] values, int rank, int rowStride, int rankStride) {

    float at(int row, int index) {
      return values[row * rowStride + index * rankStride];
    }
  }

  LowRankRows(Left left, float[] right, float scale) {
    this(left, right, right.length / left.rank, scale, new float[right.length / left.rank]);
  }

  @Override
  public void apply(int row, float[] values) {
    Arrays.fill(sums, 0);
    for (int index = 0; index < left.rank(); index++) {
      add(left.at(row, index), right, index * columns, sums);
    }
    for (int column = 0; column < columns; column++) {
      // Adding 0 would turn -0 into 0, and an adapter that does nothing must change no byte.
      if (sums[column] != 0) {
        values[column] += scale * sums[column];
      }
    }
  }

  /** A loop of its own over local variables, which the JVM turns into vector instructions. */
  private static void add(float factor, float[] values, int start, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += factor * values[start + i];
    }
  }
}
