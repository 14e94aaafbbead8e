package dev.showo2.export.internal.lora;

import dev.showo2.error.InvalidModelException;

/** DoRA: gives each merged row the norm that was trained for it, W' = m · (W + Δ) / ‖W + Δ‖. */
@SuppressWarnings("ArrayRecordComponent") // numeric data, never compared
record MagnitudeRows(RowChange sum, float[] magnitudes, String name) implements RowChange {

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
