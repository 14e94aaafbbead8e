package dev.showo2.export.internal.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.model.Architecture.RopeScaling;
import org.junit.jupiter.api.Test;

/** Against values that a few lines of Python computed in doubles. */
class RotaryFrequenciesTest {

  private static final RopeScaling LLAMA3 = new RopeScaling(32, 1, 4, 8192);

  @Test
  void plainFrequenciesFallGeometrically() {
    assertClose(
        new double[] {
          1,
          0.177827941,
          0.0316227766,
          0.00562341325,
          0.001,
          0.000177827941,
          3.16227766e-05,
          5.62341325e-06
        },
        RotaryFrequencies.plain(1e6, 16));
  }

  @Test
  void llama3StretchesLongWavelengthsOnly() {
    assertClose(
        new double[] {
          1,
          0.193922745,
          0.0376060309,
          0.00729266474,
          0.000429556797,
          8.57025549e-06,
          1.66196747e-06,
          3.22293293e-07
        },
        RotaryFrequencies.scaled(5e5, 16, LLAMA3));
  }

  /** Heads of 64, as released: pair 14 is the last that stays, 15 to 17 are between the bounds. */
  @Test
  void llama3GoesOverFromOneToTheOther() {
    float[] plain = RotaryFrequencies.plain(5e5, 64);
    float[] scaled = RotaryFrequencies.scaled(5e5, 64, LLAMA3);
    assertEquals(32, scaled.length);
    for (int i = 0; i <= 14; i++) {
      assertEquals(plain[i], scaled[i], "pair " + i);
    }
    assertEquals(0.00129054793, scaled[15], 1e-9);
    assertEquals(0.000429556797, scaled[16], 1e-9);
    assertEquals(9.7082878e-05, scaled[17], 1e-10);
    for (int i = 18; i < 32; i++) {
      assertEquals(plain[i] / 32, scaled[i], "pair " + i);
    }
  }

  private static void assertClose(double[] expected, float[] found) {
    assertEquals(expected.length, found.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], 1e-6 * expected[i], "pair " + i);
    }
  }
}
