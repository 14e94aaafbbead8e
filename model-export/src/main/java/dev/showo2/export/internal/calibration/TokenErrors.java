package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.quantization.WeightEncoding;
import java.util.Arrays;

/**
 * Compares what a layer gives for each token.
 *
 * <p>Both the error over all tokens and that of the worst one count. In language models a few
 * tokens have activations a thousand times as large as all others; over all rows nothing but them
 * is seen. A single token alone would not do either: some get next to nothing from a layer, so a
 * large share of that is little. So no token counts with less than the usual size.
 */
final class TokenErrors {

  private final double[] squares;
  private final double[] squaredErrors;

  private TokenErrors(int tokens) {
    squares = new double[tokens];
    squaredErrors = new double[tokens];
  }

  /** Compares the fp32 streams of both. */
  static LayerError of(
      String key, WeightEncoding encoding, Activations expected, Activations quantized) {
    return of(key, encoding, expected, quantized, 0, 1);
  }

  /**
   * Compares the fp32 streams of both where nothing was fitted to the tokens: every second one, as
   * {@link Smoothing#factors} looks at the others.
   */
  static LayerError ofUnseen(
      String key, WeightEncoding encoding, Activations expected, Activations quantized) {
    return of(key, encoding, expected, quantized, 1, 2);
  }

  private static LayerError of(
      String key,
      WeightEncoding encoding,
      Activations expected,
      Activations quantized,
      int first,
      int step) {
    TokenErrors errors = new TokenErrors((expected.tokens() - first + step - 1) / step);
    for (int i = 0; i < expected.channels(); i++) {
      errors.add(expected.values()[i], quantized.values()[i], first, step);
    }
    return new LayerError(
        key, encoding, errors.overall(), errors.worst(), ErrorLimits.of(encoding));
  }

  private void add(float[] expected, float[] quantized, int first, int step) {
    for (int t = 0; t < squares.length; t++) {
      int at = first + t * step;
      double difference = (double) quantized[at] - expected[at];
      squares[t] += (double) expected[at] * expected[at];
      squaredErrors[t] += difference * difference;
    }
  }

  private double overall() {
    return quotient(Arrays.stream(squaredErrors).sum(), Arrays.stream(squares).sum());
  }

  private double worst() {
    double[] sorted = squares.clone();
    Arrays.sort(sorted);
    double usual = sorted[sorted.length / 2];
    double worst = 0;
    for (int t = 0; t < squares.length; t++) {
      worst = Math.max(worst, quotient(squaredErrors[t], Math.max(usual, squares[t])));
    }
    return worst;
  }

  private static double quotient(double squaredError, double square) {
    return squaredError == 0 ? 0 : Math.sqrt(squaredError / square);
  }
}
