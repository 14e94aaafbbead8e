package dev.showo2.export.internal.lora;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import java.util.Optional;

/**
 * A change of low rank, by the keys of its tensors; they are read only when the weight is.
 *
 * @param form how the factors are stored
 * @param first key of A; of the bias itself for {@link Form#BIAS}
 * @param second key of B; unused for {@link Form#BIAS}
 * @param magnitude key of the norms that DoRA gives the rows
 */
record Delta(Form form, String first, String second, float scale, Optional<String> magnitude) {

  /** How the product comes out of the tensors. */
  enum Form {
    /** B [out, r] · A [r, in], each with the axes of a kernel behind them. */
    ROWS,
    /** (B [width, r] · A [r, entries])ᵀ. */
    EMBEDDING,
    /** A vector, added as it is. */
    BIAS
  }

  RowChange load(CheckpointWeights adapter) {
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
    };
  }

  private float[] right(CheckpointWeights adapter) {
    return switch (form) {
      case ROWS -> values(adapter, first);
      case EMBEDDING ->
          transposed(values(adapter, second), Math.toIntExact(adapter.shape(second).dimension(1)));
      case BIAS -> new float[] {1};
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
}
