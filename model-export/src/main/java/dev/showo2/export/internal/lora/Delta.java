package dev.showo2.export.internal.lora;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A change of low rank, by the keys of its tensors; they are read only when the weight is.
 *
 * @param form how the factors are stored
 * @param first key of A; of the bias itself for {@link Form#BIAS}
 * @param second key of B; unused for {@link Form#BIAS}
 * @param magnitude key of the norms that DoRA gives the rows
 * @param rows numbers of the rows that {@link Form#TOKEN_ROWS} has
 */
record Delta(
    Form form,
    String first,
    String second,
    float scale,
    Optional<String> magnitude,
    List<Integer> rows) {

  Delta(Form form, String first, String second, float scale, Optional<String> magnitude) {
    this(form, first, second, scale, magnitude, List.of());
  }

  /** Whole rows, which replace those of the weight. */
  static Delta ofRows(String tensor, List<Integer> rows) {
    return new Delta(Form.TOKEN_ROWS, tensor, tensor, 1, Optional.empty(), rows);
  }

  /** Product of the adapter's tensors. */
  enum Form {
    /** B [out, r] · A [r, in], each with the axes of a kernel behind them. */
    ROWS,
    /** (B [width, r] · A [r, entries])ᵀ. */
    EMBEDDING,
    /** A vector, added as it is. */
    BIAS,
    /** [n, width], in the place of n rows. */
    TOKEN_ROWS
  }

  RowChange load(CheckpointWeights adapter) {
    if (form == Form.TOKEN_ROWS) {
      return TrainedTokenRows.change(rows, values(adapter, first));
    }
    LowRankRows product = new LowRankRows(left(adapter), right(adapter), scale);
    return magnitude.isPresent()
        ? new MagnitudeRows(product, values(adapter, magnitude.get()), magnitude.get())
        : product;
  }

  private LowRankRows.Left left(CheckpointWeights adapter) {
    return switch (form) {
      case ROWS -> {
        int rank = Math.toIntExact(adapter.shape(second).dimension(1));
        yield new LowRankRows.Left(values(adapter, second), rank, rank, 1);
      }
      case EMBEDDING -> {
        int rank = Math.toIntExact(adapter.shape(first).dimension(0));
        float[] values = values(adapter, first);
        yield new LowRankRows.Left(values, rank, 1, values.length / rank);
      }
      case BIAS -> new LowRankRows.Left(values(adapter, first), 1, 1, 1);
      case TOKEN_ROWS -> throw new IllegalStateException("rows are no product");
    };
  }

  private float[] right(CheckpointWeights adapter) {
    return switch (form) {
      case ROWS -> values(adapter, first);
      case EMBEDDING ->
          transposed(values(adapter, second), Math.toIntExact(adapter.shape(second).dimension(1)));
      case BIAS -> new float[] {1};
      case TOKEN_ROWS -> throw new IllegalStateException("rows are no product");
    };
  }

  private static float[] transposed(float[] values, int columns) {
    int rows = values.length / columns;
    float[] result = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        result[column * rows + row] = values[row * columns + column];
      }
    }
    return result;
  }

  private static float[] values(CheckpointWeights adapter, String name) {
    float[] values = adapter.readFloats(name).values();
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new InvalidModelException(
            "the adapter's " + name + " holds " + value + "; its training has failed");
      }
    }
    return values;
  }

  /**
   * Adds scale · (left · right), with left [rows, rank] and right [rank, columns].
   *
   * <p>Sums run in 32-bit floats, as PEFT's do on 32-bit factors.
   */
  @SuppressWarnings("ArrayRecordComponent") // numeric data, never compared
  private record LowRankRows(Left left, float[] right, int columns, float scale, float[] sums)
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

  /** DoRA: gives each merged row the norm that was trained for it, W' = m · (W + Δ) / ‖W + Δ‖. */
  @SuppressWarnings("ArrayRecordComponent") // numeric data, never compared
  private record MagnitudeRows(RowChange sum, float[] magnitudes, String name)
      implements RowChange {

    @Override
    public void apply(int row, float[] values) {
      sum.apply(row, values);
      double squares = 0;
      for (float value : values) {
        squares += (double) value * value;
      }
      float factor = magnitudes[row] / (float) Math.sqrt(squares);
      if (!Float.isFinite(factor)) {
        throw new InvalidModelException(
            name + " gives a norm to row " + row + ", which has none of its own to be scaled");
      }
      for (int column = 0; column < values.length; column++) {
        values[column] *= factor;
      }
    }
  }
}
