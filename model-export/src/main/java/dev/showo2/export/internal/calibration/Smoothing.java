package dev.showo2.export.internal.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Weights before a layer that can take factors of its inputs, as SmoothQuant does: inputs are
 * divided by them, columns of the layer's own weight multiplied. Factors are powers of two, so that
 * the model computes the same in every bit and rows of integers only get another scale.
 *
 * @param folds weights whose rows are divided
 * @param rows the row of each input, counted from the first one of a fold; inputs may share one
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within the package, never compared
record Smoothing(List<Fold> folds, int[] rows) {

  /** Keeps products far from the ends of what floats hold. */
  private static final int LARGEST_EXPONENT = 12;

  /**
   * A weight, or the part of one.
   *
   * @param firstRow of the part
   */
  record Fold(String key, int firstRow) {}

  /** Whether factors can be found and tried on other tokens. */
  static boolean suits(Activations x) {
    return x.tokens() > 1;
  }

  /** Inputs that are the rows of weights, such as gain and bias of a norm. */
  static Smoothing of(int inputs, String... keys) {
    return new Smoothing(
        Arrays.stream(keys).map(key -> new Fold(key, 0)).toList(),
        IntStream.range(0, inputs).toArray());
  }

  /** Inputs that attention makes of values: all heads of a group have those of one. */
  static Smoothing ofValues(int heads, int keyValueHeads, int size, String... keys) {
    int group = heads / keyValueHeads;
    int[] rows = new int[heads * size];
    Arrays.setAll(rows, i -> i / (group * size) * size + i % size);
    return new Smoothing(Arrays.stream(keys).map(key -> new Fold(key, 0)).toList(), rows);
  }

  /** The same, with some rows of one more weight. */
  Smoothing and(String key, int firstRow) {
    List<Fold> all = new ArrayList<>(folds);
    all.add(new Fold(key, firstRow));
    return new Smoothing(List.copyOf(all), rows);
  }

  /**
   * Factors by which the weights' columns are multiplied: halfway, on a logarithmic scale, between
   * even inputs and even columns.
   *
   * @param x whose fp32 stream counts: every second token of it, so that the others can show
   *     whether the factors are good for tokens that were not seen
   * @param columns largest magnitudes of the layers' columns, or nothing for layers in floats
   */
  float[] factors(Activations x, List<float[]> columns) {
    int count = Arrays.stream(rows).max().orElse(-1) + 1;
    double[] inputs = new double[count];
    double[] weights = new double[count];
    double[] sizes = tokenSizes(x);
    for (int i = 0; i < rows.length; i++) {
      for (int t = 0; t < x.tokens(); t += 2) {
        double size = Math.abs(x.values()[i][t]) / sizes[t];
        inputs[rows[i]] = Math.max(inputs[rows[i]], size);
      }
      for (float[] largest : columns) {
        if (largest.length > 0) {
          weights[rows[i]] = Math.max(weights[rows[i]], largest[i]);
        }
      }
    }
    double[] exponents = new double[count];
    Arrays.setAll(
        exponents,
        row ->
            inputs[row] > 0 && weights[row] > 0
                ? (Math.log(inputs[row]) - Math.log(weights[row])) / (2 * Math.log(2))
                : Double.NaN);
    double[] sorted = Arrays.stream(exponents).filter(Double::isFinite).sorted().toArray();
    double usual = sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    float[] factors = new float[rows.length];
    for (int i = 0; i < factors.length; i++) {
      double exponent = exponents[rows[i]];
      // A column or an input of zeros is even as it is.
      factors[i] = Double.isFinite(exponent) ? power(exponent - usual) : 1;
    }
    return factors;
  }

  private static float power(double exponent) {
    long rounded = Math.round(exponent);
    return Math.scalb(1f, (int) Math.max(-LARGEST_EXPONENT, Math.min(LARGEST_EXPONENT, rounded)));
  }

  /** The root mean square of each token; each token has a scale of its own. */
  private static double[] tokenSizes(Activations x) {
    double[] squares = new double[x.tokens()];
    for (float[] channel : x.values()) {
      for (int t = 0; t < squares.length; t++) {
        squares[t] += (double) channel[t] * channel[t];
      }
    }
    return Arrays.stream(squares).map(sum -> sum > 0 ? Math.sqrt(sum / x.channels()) : 1).toArray();
  }

  /**
   * Factors of the rows of a weight that takes them.
   *
   * @param known factors that its rows have already, or none
   * @param count of its rows
   * @param factors of the inputs
   */
  float[] rows(Fold fold, float[] known, int count, float[] factors) {
    float[] all = new float[count];
    for (int i = 0; i < count; i++) {
      all[i] = known.length == 0 ? 1 : known[i];
    }
    for (int i = 0; i < rows.length; i++) {
      all[fold.firstRow() + rows[i]] =
          (known.length == 0 ? 1 : known[fold.firstRow() + rows[i]]) / factors[i];
    }
    return all;
  }
}
