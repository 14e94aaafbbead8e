package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ShareTest {

  private static final double TOLERANCE = 5e-5;

  /** Values of the formula worked out by hand. */
  @Test
  void intervalsAreThoseOfWilson() {
    assertInterval(0.5, 0.2366, 0.7634, new Share(5, 10));
    assertInterval(0.9, 0.5958, 0.9821, new Share(9, 10));
    assertInterval(0.88, 0.8277, 0.9180, new Share(176, 200));
  }

  @Test
  void theEndsAreWithinReach() {
    assertInterval(0, 0, 0.2775, new Share(0, 10));
    assertInterval(1, 0.7225, 1, new Share(10, 10));
    assertInterval(1, 0.2065, 1, new Share(1, 1));
  }

  @Test
  void countsTheCasesOfAShare() {
    assertEquals(new Share(19, 60), Share.of(19 / 60.0, 60));
  }

  @Test
  void refusesWhatIsNoShare() {
    assertThrows(IllegalArgumentException.class, () -> new Share(0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Share(2, 1));
    assertThrows(IllegalArgumentException.class, () -> new Share(-1, 1));
  }

  private static void assertInterval(double value, double low, double high, Share share) {
    assertEquals(value, share.value(), TOLERANCE);
    assertEquals(low, share.low(), TOLERANCE);
    assertEquals(high, share.high(), TOLERANCE);
  }
}
