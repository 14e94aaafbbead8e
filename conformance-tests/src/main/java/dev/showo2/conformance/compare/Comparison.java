package dev.showo2.conformance.compare;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoublePredicate;
import org.apiguardian.api.API;

/**
 * One tensor compared with its golden.
 *
 * @param tensor its name
 * @param problem why it does not hold, or empty
 * @param measurement the figures; absent if the shapes differ
 * @param allowed the largest difference that the tolerance allows here
 * @param firstBad the first value that breaks the tolerance, in row-major order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Comparison(
    String tensor,
    Optional<String> problem,
    Optional<Measurement> measurement,
    double allowed,
    Optional<BadValue> firstBad) {

  /** A value that is not as it should be, at one index per axis. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  @SuppressWarnings("ArrayRecordComponent")
  public record BadValue(long[] index, double actual, double expected) {

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s: %.9g, expected %.9g", Arrays.toString(index), actual, expected);
    }
  }

  /**
   * Compares tensors.
   *
   * @param tensor what is compared, for the report
   * @param actual the values found
   * @param expected the values that should be there
   * @param tolerance the largest accepted difference
   * @return the comparison
   */
  public static Comparison of(
      String tensor, HostTensor actual, HostTensor expected, Tolerance tolerance) {
    return of(tensor, Values.of(actual), Values.of(expected), tolerance);
  }

  /**
   * Compares values.
   *
   * @param tensor what is compared, for the report
   * @param actual the values found
   * @param expected the values that should be there
   * @param tolerance the largest accepted difference
   * @return the comparison
   */
  public static Comparison of(String tensor, Values actual, Values expected, Tolerance tolerance) {
    if (!actual.shape().equals(expected.shape())) {
      return failed(tensor, "shape " + actual.shape() + ", expected " + expected.shape());
    }
    if (expected.count() == 0) {
      return failed(tensor, "no values to compare, its shape is " + expected.shape());
    }
    Measurement measured = Measurement.of(actual, expected);
    double allowed = tolerance.allowed(measured.magnitude());
    int mayDeviate = (int) Math.floor(tolerance.deviatingShare() * measured.count());
    Optional<String> problem = Optional.empty();
    // A comparison with NaN is false, so what is not finite is bad under either predicate.
    DoublePredicate good = difference -> difference <= allowed;
    if (measured.notFinite() > 0) {
      problem = Optional.of(measured.notFinite() + " of " + measured.count() + " not finite");
    } else if (measured.maxAbs() > allowed) {
      problem = Optional.of("too far off");
    } else if (measured.cosine() < tolerance.cosine()) {
      problem =
          Optional.of(
              String.format(
                  Locale.ROOT,
                  "cosine %.6f, at least %.6f is needed",
                  measured.cosine(),
                  tolerance.cosine()));
      good = difference -> difference < measured.maxAbs();
    } else if (measured.deviating() > mayDeviate) {
      problem =
          Optional.of(
              measured.deviating()
                  + " of "
                  + measured.count()
                  + " values differ, at most "
                  + mayDeviate
                  + " may");
      good = difference -> difference == 0;
    }
    Optional<BadValue> firstBad =
        problem.isEmpty() ? Optional.empty() : Optional.of(firstBad(actual, expected, good));
    return new Comparison(tensor, problem, Optional.of(measured), allowed, firstBad);
  }

  /**
   * {@return the comparison of a claim that holds or does not}
   *
   * @param name what is compared, for the report
   * @param holds whether it is so
   * @param problem what is wrong if it is not
   */
  public static Comparison ofClaim(String name, boolean holds, String problem) {
    return holds
        ? new Comparison(name, Optional.empty(), Optional.empty(), 0, Optional.empty())
        : failed(name, problem);
  }

  /**
   * {@return the comparison of a figure that was measured elsewhere}
   *
   * @param text the figure with what is allowed, for the report
   * @param allowed the largest difference that the tolerance allows; more than 0
   * @param holds whether the figure is within it
   * @param problem what is wrong if it is not
   */
  public static Comparison ofFigure(String text, double allowed, boolean holds, String problem) {
    return new Comparison(
        text,
        holds ? Optional.empty() : Optional.of(problem),
        Optional.empty(),
        allowed,
        Optional.empty());
  }

  /**
   * {@return the comparison of two texts}
   *
   * @param name what is compared, for the report
   * @param actual the text found
   * @param expected the text that should be there
   */
  public static Comparison ofText(String name, String actual, String expected) {
    Optional<String> problem =
        actual.equals(expected)
            ? Optional.empty()
            : Optional.of("is '" + actual + "', expected '" + expected + "'");
    return new Comparison(name, problem, Optional.empty(), 0, Optional.empty());
  }

  private static Comparison failed(String tensor, String problem) {
    return new Comparison(tensor, Optional.of(problem), Optional.empty(), 0, Optional.empty());
  }

  private static BadValue firstBad(Values actual, Values expected, DoublePredicate good) {
    for (int i = 0; ; i++) {
      double a = actual.at().applyAsDouble(i);
      double b = expected.at().applyAsDouble(i);
      if (!good.test(Math.abs(a - b))) {
        return new BadValue(multiIndex(i, expected.shape()), a, b);
      }
    }
  }

  private static long[] multiIndex(long index, Shape shape) {
    long[] indices = new long[shape.rank()];
    for (int axis = indices.length - 1; axis >= 0; axis--) {
      indices[axis] = index % shape.dimension(axis);
      index /= shape.dimension(axis);
    }
    return indices;
  }

  /** {@return whether the values agree within the tolerance} */
  public boolean passed() {
    return problem.isEmpty();
  }

  /** The figures on one line: the largest difference if it passed, all of them if not. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(tensor);
    if (passed() && allowed == 0) {
      return text.append(" equal").toString();
    }
    measurement.ifPresent(m -> append(text, " max abs %.1e (allowed %.1e)", m.maxAbs(), allowed));
    if (passed()) {
      return text.toString();
    }
    measurement.ifPresent(
        m ->
            append(
                text,
                ", max rel %.1e, mean abs %.1e, cosine %.6f",
                m.maxRel(),
                m.meanAbs(),
                m.cosine()));
    firstBad.ifPresent(bad -> text.append(", first bad ").append(bad));
    return text.append(measurement.isPresent() ? ": " : " ").append(problem.get()).toString();
  }

  private static void append(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
