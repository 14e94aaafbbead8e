package dev.showo2.conformance.internal.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.stage.TokenGrid;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpsTest {

  /** Values of tables with 15 digits. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1e-9, 1.128379167095513e-9",
    "0.1, 0.112462916018285",
    "0.5, 0.520499877813047",
    "1, 0.842700792949715",
    "2, 0.995322265018953",
    "3, 0.999977909503001",
    "5.9, 1",
    "40, 1"
  })
  void theErrorFunctionIsExact(double x, double expected) {
    assertEquals(expected, Ops.erf(x), 2e-15);
    assertEquals(-expected, Ops.erf(-x), 2e-15);
  }

  @Test
  void theTwoGelusDiffer() {
    assertEquals(0.841344746068543, Ops.gelu(1), 1e-14);
    assertEquals(0.841191990608276, Ops.geluTanh(1), 1e-14);
    assertEquals(0, Ops.gelu(-50), 0);
    assertEquals(50, Ops.gelu(50), 0);
  }

  @Test
  void softmaxBearsScoresOfAnySize() {
    double[] weights = {1e6, 1e6 - Math.log(3), Double.NEGATIVE_INFINITY};
    Ops.softmax(weights);
    assertArrayEquals(new double[] {0.75, 0.25, 0}, weights, 1e-9);
  }

  @Test
  void normsAreOverEachRow() {
    Matrix x = new Matrix(2, 2, new double[] {3, 4, 0, 2});
    assertArrayEquals(
        new double[] {3 / Math.sqrt(12.5), 8 / Math.sqrt(12.5), 0, 4 / Math.sqrt(2)},
        Ops.rmsNorm(x, new double[] {1, 2}, 0).values(),
        1e-14);
    assertArrayEquals(
        new double[] {-1, 5, -1, 5},
        Ops.layerNorm(x, new double[] {1, 2}, new double[] {0, 3}, 0).values(),
        1e-14);
    assertArrayEquals(
        new double[] {-0.5, 4, -1 / Math.sqrt(1.75), 3 + 2 / Math.sqrt(1.75)},
        Ops.layerNorm(x, new double[] {1, 2}, new double[] {0, 3}, 0.75).values(),
        1e-14);
  }

  @Test
  void aGridOfItsOwnSizeStaysAsItIs() {
    TokenGrid grid = new TokenGrid(3, 2);
    Matrix tokens = new Matrix(6, 2, new double[] {5, 1, 4, 1, 3, 9, 2, 2, 8, 0, 7, 7});
    assertArrayEquals(
        tokens.values(), GridResize.BICUBIC.apply(tokens, grid, grid).values(), 1e-12);
    assertArrayEquals(
        tokens.values(), GridResize.BILINEAR.apply(tokens, grid, grid).values(), 1e-12);
  }

  /** Worked out by hand from the kernels. */
  @Test
  void resizingIsWithoutAlignedCornersAndRepeatsTheEdge() {
    Matrix row = new Matrix(4, 1, new double[] {0, 1, 2, 3});
    TokenGrid from = new TokenGrid(1, 4);
    TokenGrid to = new TokenGrid(1, 8);
    assertArrayEquals(
        new double[] {0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3},
        GridResize.BILINEAR.apply(row, from, to).values(),
        1e-12);
    double[] cubic = GridResize.BICUBIC.apply(row, from, to).values();
    assertArrayEquals(
        new double[] {-0.10546875, 0.19140625, 0.66796875, 1.296875},
        Arrays.copyOf(cubic, 4),
        1e-12);
  }
}
