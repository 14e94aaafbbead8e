package dev.showo2.conformance.internal.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weighted sums are those of plain loops, to the last bit. */
class WeightedSumTest {

  private static final int FIRST_W = 3;
  private static final int FIRST_X = 2;

  /** Counts and lengths around those at which the implementation goes another way. */
  @ParameterizedTest
  @CsvSource({"0, 5", "1, 1", "3, 7", "4, 255", "5, 256", "8, 257", "11, 600", "27, 0"})
  void areThoseOfPlainLoops(int count, int length) {
    Random random = new Random(7);
    double[] w = random.doubles(FIRST_W + count, -1, 1).toArray();
    double[][] x = new double[FIRST_X + count][];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.doubles(length, -1e6, 1e6).toArray();
    }
    double[] sums = random.doubles(length + 1, -1, 1).toArray();
    double[] expected = sums.clone();
    for (int k = 0; k < length; k++) {
      for (int i = 0; i < count; i++) {
        expected[k] += w[FIRST_W + i] * x[FIRST_X + i][k];
      }
    }
    WeightedSum.add(w, FIRST_W, x, FIRST_X, count, sums, length);
    assertArrayEquals(expected, sums);
  }
}
