package dev.showo2.sampler.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.testing.Messages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuidanceTest {

  private final float[] unconditional = {1, -2, 0.5f};
  private final float[] conditional = {2, -1, 0.5f};

  @Test
  void pushesAwayFromTheUnconditional() {
    float[] guided = new Guidance(5).combine(unconditional, conditional);
    assertArrayEquals(new float[] {6, 3, 0.5f}, guided);
    assertTrue(new Guidance(0.5f).enabled());
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 1})
  void scalesZeroAndOneAreTheConditionalVelocity(float scale) {
    Guidance off = new Guidance(scale);
    assertFalse(off.enabled());
    float[] combined = off.combine(unconditional, conditional);
    assertArrayEquals(conditional, combined);
    assertNotSame(conditional, combined);
  }

  @Test
  void nextToOneTheFormulaAgreesWithTheConditionalVelocity() {
    float[] one = new Guidance(1).combine(unconditional, conditional);
    for (float scale : new float[] {Math.nextDown(1f), Math.nextUp(1f)}) {
      Guidance guidance = new Guidance(scale);
      assertTrue(guidance.enabled());
      assertArrayEquals(one, guidance.combine(unconditional, conditional), 1e-6f);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void otherScalesAreRefused(float scale) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> new Guidance(scale),
        "guidance: expected a finite number of at least 0",
        "found " + scale,
        "use 0 for no guidance");
  }

  @Test
  void velocitiesOfTwoLengthsAreRefused() {
    Messages.assertFails(
        IllegalArgumentException.class,
        () -> new Guidance(5).combine(new float[2], conditional),
        "2 unconditional and 3 conditional");
  }
}
