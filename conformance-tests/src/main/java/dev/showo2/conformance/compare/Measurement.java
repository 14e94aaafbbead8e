package dev.showo2.conformance.compare;

import org.apiguardian.api.API;

/**
 * How two tensors of one shape differ, over all positions where both are finite.
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
    double cosine) {

  private static final double NEAR_ZERO = 1e-3;

  public static Measurement of(Values actual, Values expected) {
    int count = expected.count();
    double magnitude = 0;
    for (int i = 0; i < count; i++) {
      double value = Math.abs(expected.at().applyAsDouble(i));
      magnitude = Double.isFinite(value) ? Math.max(magnitude, value) : magnitude;
    }
    int notFinite = 0;
    int deviating = 0;
    double maxAbs = 0;
    double maxRel = 0;
    double sum = 0;
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
        cosine(product, actualSquares, expectedSquares));
  }

  private static double cosine(double product, double actualSquares, double expectedSquares) {
    if (actualSquares == 0 || expectedSquares == 0) {
      return actualSquares == expectedSquares ? 1 : 0;
    }
    return product / (Math.sqrt(actualSquares) * Math.sqrt(expectedSquares));
  }
}
