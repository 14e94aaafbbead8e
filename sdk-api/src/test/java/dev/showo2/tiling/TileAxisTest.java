package dev.showo2.tiling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TileAxisTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "54, 1, 54",
    "72, 1, 72",
    "73, 2, 45",
    "128, 2, 72",
    "129, 3, 54",
    "256, 5, 64"
  })
  void tilesOfTheStandardSizeAreFewAndThenSmall(int length, int count, int size) {
    TileAxis axis = TileAxis.of(length, 72, 16);
    assertEquals(count, axis.count());
    assertEquals(size, axis.size());
    assertEquals(length, axis.length());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 9, 16, 31, 72})
  void tilesCoverTheAxisAndOverlapAtLeastAsAsked(int largest) {
    for (int overlap = 1; overlap <= largest / 2; overlap++) {
      for (int length = 1; length <= 5 * largest; length++) {
        TileAxis axis = TileAxis.of(length, largest, overlap);
        String what = length + " in tiles of " + largest + " with overlap " + overlap;
        assertTrue(axis.size() <= largest, what);
        assertEquals(0, axis.start(0), what);
        assertEquals(length, axis.start(axis.count() - 1) + axis.size(), what);
        for (int i = 1; i < axis.count(); i++) {
          int shared = axis.start(i - 1) + axis.size() - axis.start(i);
          assertTrue(shared >= overlap && shared < axis.size(), what + ": " + shared);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 9, 16, 24})
  void weightsSumToOneEverywhere(int largest) {
    for (int overlap = 1; overlap <= largest / 2; overlap++) {
      for (int length = 1; length <= 5 * largest; length++) {
        TileAxis axis = TileAxis.of(length, largest, overlap);
        assertWeightsSumToOne(axis, 1);
        assertWeightsSumToOne(axis, 8);
      }
    }
  }

  private static void assertWeightsSumToOne(TileAxis axis, int scale) {
    double[] sums = new double[axis.length() * scale];
    for (int tile = 0; tile < axis.count(); tile++) {
      float[] weights = axis.weights(tile, scale);
      assertEquals(axis.size() * scale, weights.length);
      for (int i = 0; i < weights.length; i++) {
        assertTrue(weights[i] >= 0 && weights[i] <= 1, "weight " + weights[i]);
        sums[axis.start(tile) * scale + i] += weights[i];
      }
    }
    for (double sum : sums) {
      assertEquals(1, sum, 1e-6);
    }
  }

  @Test
  void theMiddleHalfOfAnOverlapIsBlendedLinearly() {
    TileAxis axis = TileAxis.of(12, 8, 4);
    assertEquals(2, axis.count());
    // Places 4 to 8 are shared; 5 to 7 are blended.
    assertArrayEquals(new float[] {1, 1, 1, 1, 1, .75f, .25f, 0}, axis.weights(0, 1), 1e-6f);
    assertArrayEquals(new float[] {0, .25f, .75f, 1, 1, 1, 1, 1}, axis.weights(1, 1), 1e-6f);
    float[] rising = axis.weights(1, 8);
    for (int i = 0; i < rising.length; i++) {
      assertEquals(Math.max(0, Math.min(1, (i + 0.5 - 8) / 16)), rising[i], 1e-6);
    }
  }

  @Test
  void theEndsOfTheAxisCountInFull() {
    TileAxis axis = TileAxis.of(40, 16, 4);
    assertEquals(3, axis.count());
    assertEquals(1, axis.weights(0, 8)[0]);
    float[] last = axis.weights(2, 8);
    assertEquals(1, last[last.length - 1]);
    float[] middle = axis.weights(1, 8);
    assertEquals(0, middle[0]);
    assertEquals(0, middle[middle.length - 1]);
    assertEquals(1, middle[middle.length / 2]);
  }

  @Test
  void oneTileCountsInFullEverywhere() {
    for (float weight : TileAxis.of(9, 9, 4).weights(0, 8)) {
      assertEquals(1, weight);
    }
  }
}
