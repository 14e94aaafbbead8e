package dev.showo2.conformance.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.model.Precision;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {

  private static final Tolerance QUARTER = new Tolerance(0.25, true, 1);

  private static HostTensor row(float... values) {
    return new HostTensor(Shape.of(values.length), values);
  }

  @Test
  void figuresAreThoseOfTheDefinition() {
    Comparison comparison =
        Comparison.of("x", row(3, 0, 2.5f, 0.001f), row(3, 0, 2, 0), new Tolerance(0.1, false, 1));
    Measurement figures = comparison.measurement().orElseThrow();
    assertEquals(0.5, figures.maxAbs());
    assertEquals(0.25, figures.maxRel());
    assertEquals(0.501 / 4, figures.meanAbs(), 1e-7);
    assertEquals(3, figures.magnitude());
    assertEquals(2, figures.deviating());
    assertEquals(
        14 / (Math.sqrt(15.250001) * Math.sqrt(13)), figures.cosine(), 1e-9, "of the angle");
    assertFalse(comparison.passed());
  }

  @Test
  void firstBadIsTheFirstBeyondTheToleranceByAxis() {
    HostTensor expected = new HostTensor(Shape.of(2, 2, 3), new float[12]);
    float[] values = new float[12];
    values[2] = 0.2f; // differs, but within the tolerance
    values[7] = -0.5f;
    values[11] = 9;
    Comparison.BadValue bad =
        Comparison.of("x", new HostTensor(expected.shape(), values), expected, QUARTER)
            .firstBad()
            .orElseThrow();
    assertArrayEquals(new long[] {1, 0, 1}, bad.index());
    assertEquals(-0.5, bad.actual());
    assertEquals(0, bad.expected());
  }

  @Test
  void theToleranceItselfIsAllowedAndTheNextFloatIsNot() {
    assertTrue(Comparison.of("x", row(1.25f), row(1), QUARTER).passed());
    assertFalse(Comparison.of("x", row(Math.nextUp(1.25f)), row(1), QUARTER).passed());
    assertTrue(Comparison.of("x", row(0.25f), row(0), QUARTER).passed(), "at least 1 counts");
  }

  @Test
  void theToleranceGrowsWithTheLargestExpectedValue() {
    Comparison comparison = Comparison.of("x", row(-8, 3), row(-8, 1), QUARTER);
    assertEquals(2, comparison.allowed());
    assertTrue(comparison.passed());
    assertEquals(2e-5 * 8, Tolerances.of(Precision.FP32).stage().allowed(8));
    assertEquals(2e-4, Tolerances.of(Precision.FP32).trajectory().allowed(0.5));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void whatIsNotFiniteFailsOnEitherSideAndOnBoth(float value) {
    for (Comparison comparison :
        new Comparison[] {
          Comparison.of("x", row(1, value, 2), row(1, 1, 1), QUARTER),
          Comparison.of("x", row(1, 1, 2), row(1, value, 1), QUARTER),
          Comparison.of("x", row(1, value, 2), row(1, value, 1), QUARTER)
        }) {
      assertFalse(comparison.passed());
      assertEquals("1 of 3 not finite", comparison.problem().orElseThrow());
      assertArrayEquals(new long[] {1}, comparison.firstBad().orElseThrow().index());
      assertEquals(1, comparison.measurement().orElseThrow().maxAbs(), "of the finite values");
    }
  }

  @Test
  void anotherShapeFailsEvenWithTheSameValues() {
    Comparison comparison =
        Comparison.of("x", row(1, 2).reshape(1, 2), row(1, 2).reshape(2, 1), QUARTER);
    assertFalse(comparison.passed());
    assertEquals("x shape [1, 2], expected [2, 1]", comparison.toString());
  }

  @Test
  void nothingToCompareFails() {
    assertFalse(Comparison.of("x", row(), row(), QUARTER).passed());
  }

  @Test
  void idsAreEqualOrNot() {
    assertTrue(Comparison.of("ids", Values.of(5, 7), Values.of(5, 7), Tolerance.EXACT).passed());
    Comparison other = Comparison.of("ids", Values.of(5, 8), Values.of(5, 7), Tolerance.EXACT);
    assertEquals("[1]: 8, expected 7", plain(other.firstBad().orElseThrow()));
    assertFalse(Comparison.of("ids", Values.of(5), Values.of(5, 7), Tolerance.EXACT).passed());
  }

  private static String plain(Comparison.BadValue bad) {
    return bad.toString().replaceAll("\\.0+\\b", "");
  }

  @Test
  void pixelsMayBeOneOffInOneOfAThousand() {
    long[] expected = new long[2000];
    long[] actual = new long[2000];
    Shape shape = Shape.of(20, 100);
    actual[3] = 1;
    actual[150] = 1;
    assertTrue(pixels(shape, actual, expected).passed());
    actual[151] = 1;
    Comparison tooMany = pixels(shape, actual, expected);
    assertEquals("3 of 2000 values differ, at most 2 may", tooMany.problem().orElseThrow());
    assertArrayEquals(new long[] {0, 3}, tooMany.firstBad().orElseThrow().index());
    Comparison tooFar = pixels(Shape.of(1, 1000), thousandWithATwo(), new long[1000]);
    assertEquals("too far off", tooFar.problem().orElseThrow());
  }

  private static long[] thousandWithATwo() {
    long[] values = new long[1000];
    values[9] = 2;
    return values;
  }

  private static Comparison pixels(Shape shape, long[] actual, long[] expected) {
    return Comparison.of(
        "image",
        Values.of(shape, actual),
        Values.of(shape, expected),
        Tolerances.of(Precision.FP32).pixels());
  }

  @Test
  void thePassingLineIsShortAndTheFailingOneSaysItAll() {
    assertEquals(
        "fused max abs 2.5e-01 (allowed 2.5e-01)",
        Comparison.of("fused", row(1.25f), row(1), QUARTER).toString());
    assertEquals(
        "fused max abs 5.0e-01 (allowed 2.5e-01), max rel 5.0e-01, mean abs 2.5e-01, cosine"
            + " 0.980581, first bad [1]: 1.50000000, expected 1.00000000: too far off",
        Comparison.of("fused", row(1, 1.5f), row(1, 1), QUARTER).toString());
  }

  @Test
  void cosineOfZeroVectorsIsDefined() {
    assertEquals(1, Measurement.of(Values.of(0, 0), Values.of(0, 0)).cosine());
    assertEquals(0, Measurement.of(Values.of(0, 1), Values.of(0, 0)).cosine());
  }
}
