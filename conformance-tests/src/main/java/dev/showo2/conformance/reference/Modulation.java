package dev.showo2.conformance.reference;

import java.util.Optional;

/**
 * What a time vector does to the tokens of its sequence (SPEC 6): [shift, scale, gate, …] =
 * Linear(SiLU(time vector)), cut in parts of H. Without a time shift = scale = 0 and gate = 1.
 *
 * @param values [B, parts · H], or none
 * @param length tokens of each sequence
 */
record Modulation(Optional<Matrix> values, int length) {

  /**
   * @param time time vectors [B, H]
   */
  static Modulation of(Optional<Matrix> time, Linear layer, int length) {
    return new Modulation(time.map(vector -> layer.apply(Ops.map(vector, Ops::silu))), length);
  }

  /** y · (1 + scale) + shift, where the two are numbers of parts. */
  Matrix modulate(Matrix y, int shift, int scale) {
    if (values.isEmpty()) {
      return y;
    }
    Matrix shifts = spread(shift, y);
    Matrix factors = Ops.map(spread(scale, y), value -> 1 + value);
    return Ops.add(Ops.multiply(y, factors), shifts);
  }

  /** y · gate. */
  Matrix gate(Matrix y, int gate) {
    return values.isEmpty() ? y : Ops.multiply(y, spread(gate, y));
  }

  /** One part for each token of y. */
  private Matrix spread(int part, Matrix y) {
    Matrix perSequence = values.orElseThrow();
    Matrix perToken = Matrix.zeros(y.rows(), y.columns());
    for (int row = 0; row < y.rows(); row++) {
      int from = perSequence.start(row / length) + part * y.columns();
      System.arraycopy(perSequence.values(), from, perToken.values(), y.start(row), y.columns());
    }
    return perToken;
  }
}
