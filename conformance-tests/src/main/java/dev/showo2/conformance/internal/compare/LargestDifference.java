package dev.showo2.conformance.internal.compare;

import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.apiguardian.api.API;

/**
 * The largest difference among figures of one kind, such as the losses of all steps.
 *
 * @param name of the kind
 * @param scale that differences are shares of, such as what was expected
 * @param largest difference; infinite if a value is not finite
 * @param allowed at most
 * @param actual value with the largest difference
 * @param expected value there
 * @param at the step or parameter
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record LargestDifference(
    String name,
    Scale scale,
    double largest,
    double allowed,
    double actual,
    double expected,
    String at) {

  /** The units of differences. */
  public enum Scale {
    /** As they are. */
    ABSOLUTE("abs"),
    /** Shares of the expected value. */
    RELATIVE("rel");

    private final String text;

    Scale(String text) {
      this.text = text;
    }
  }

  /**
   * Finds the largest difference.
   *
   * @param judged tells which indices are looked at
   * @param place names an index
   */
  public static LargestDifference of(
      String name,
      Scale scale,
      double[] actual,
      double[] expected,
      double allowed,
      IntPredicate judged,
      IntFunction<String> place) {
    int worst = -1;
    double largest = -1;
    for (int i = 0; i < expected.length; i++) {
      double difference = judged.test(i) ? difference(actual[i], expected[i], scale) : -1;
      if (difference > largest) {
        largest = difference;
        worst = i;
      }
    }
    return worst < 0
        ? new LargestDifference(name, scale, 0, allowed, 0, 0, "none")
        : new LargestDifference(
            name, scale, largest, allowed, actual[worst], expected[worst], place.apply(worst));
  }

  /** A difference of NaN would pass for the smallest. */
  private static double difference(double actual, double expected, Scale scale) {
    double difference = Math.abs(actual - expected);
    if (difference == 0) {
      return 0;
    }
    double share = scale == Scale.RELATIVE ? difference / Math.abs(expected) : difference;
    return Double.isNaN(share) ? Double.POSITIVE_INFINITY : share;
  }

  /** Adds it to the comparisons of a check. */
  public void addTo(Checks checks) {
    checks.require(
        toString(),
        allowed,
        largest <= allowed,
        String.format(Locale.ROOT, "is %.9g, expected %.9g: too far off", actual, expected));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s max %s %.1e (allowed %.1e) at %s", name, scale.text, largest, allowed, at);
  }
}
