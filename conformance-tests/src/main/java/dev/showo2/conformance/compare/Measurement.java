package dev.showo2.conformance.compare;

import org.apiguardian.api.API;

/**
 * The difference between two tensors of one shape, over all positions where both are finite.
 *
 * @param count of values
 * @param notFinite how many positions hold NaN or an infinity on either side
 * @param deviating how many finite values differ at all
 * @param magnitude max |expected|
 * @param maxAbs max |actual - expected|
 * @param maxRel max |actual - expected| / |expected| where |expected| is at least a thousandth of
 *     the magnitude; quotients by near-zeros say nothing
 * @param meanAbs mean |actual - expected|
 * @param cosine of the angle between the two as vectors; 1 if both are zero
 * @param psnr peak signal-to-noise ratio in dB, where the peak is the range of what was expected;
 *     infinite if nothing differs
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Measurement(
    int count,
    int notFinite,
    int deviating,
    double magnitude,
    double maxAbs,
    double maxRel,
    double meanAbs,
    double cosine,
    double psnr) {

  private static final double NEAR_ZERO = 1e-3;

  /**
   * Measures the differences of two tensors of equal shape.
   *
   * @param actual the values found
   * @param expected the values that should be there
   * @return the differences
   */
  public static Measurement of(Values actual, Values expected) {
    int count = expected.count();
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      double value = expected.at().applyAsDouble(i);
      if (Double.isFinite(value)) {
        lowest = Math.min(lowest, value);
        highest = Math.max(highest, value);
      }
    }
    double magnitude = Math.max(0, Math.max(-lowest, highest));
    int notFinite = 0;
    int deviating = 0;
    double maxAbs = 0;
    double maxRel = 0;
    double sum = 0;
    double squares = 0;
    double product = 0;
    double actualSquares = 0;
    double expectedSquares = 0;
    for (int i = 0; i < count; i++) {
      double a = actual.at().applyAsDouble(i);
      double b = expected.at().applyAsDouble(i);
      if (!Double.isFinite(a) || !Double.isFinite(b)) {
        notFinite++;
        continue;
      }
      double difference = Math.abs(a - b);
      deviating += difference > 0 ? 1 : 0;
      maxAbs = Math.max(maxAbs, difference);
      if (b != 0 && Math.abs(b) >= NEAR_ZERO * magnitude) {
        maxRel = Math.max(maxRel, difference / Math.abs(b));
      }
      sum += difference;
      squares += difference * difference;
      product += a * b;
      actualSquares += a * a;
      expectedSquares += b * b;
    }
    return new Measurement(
        count,
        notFinite,
        deviating,
        magnitude,
        maxAbs,
        maxRel,
        count == notFinite ? 0 : sum / (count - notFinite),
        cosine(product, actualSquares, expectedSquares),
        psnr(highest - lowest, squares / (count - notFinite)));
  }

  /** {@return how many values are equal; of ids, the tokens that agree} */
  public int equal() {
    return count - notFinite - deviating;
  }

  private static double psnr(double range, double meanSquare) {
    return meanSquare == 0
        ? Double.POSITIVE_INFINITY
        : 20 * Math.log10(range / Math.sqrt(meanSquare));
  }

  private static double cosine(double product, double actualSquares, double expectedSquares) {
    if (actualSquares == 0 || expectedSquares == 0) {
      return actualSquares == expectedSquares ? 1 : 0;
    }
    return product / (Math.sqrt(actualSquares) * Math.sqrt(expectedSquares));
  }
}
