package dev.showo2.sampler.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Set;
import org.junit.jupiter.api.Test;

class RepetitionPenaltyTest {

  private static final float[] LOGITS = {3, -3, 0, Float.NEGATIVE_INFINITY, 3, -3};

  @Test
  void positiveLogitsAreDividedAndNegativeOnesMultiplied() {
    RepetitionPenalty penalty = new RepetitionPenalty(1.5f, Set.of());
    penalty.see(0, 1, 2, 3);
    float[] before = LOGITS.clone();
    assertArrayEquals(
        new float[] {2, -4.5f, 0, Float.NEGATIVE_INFINITY, 3, -3}, penalty.apply(LOGITS));
    assertArrayEquals(before, LOGITS);
  }

  @Test
  void aTokenThatComesOftenIsPenalizedOnce() {
    RepetitionPenalty penalty = new RepetitionPenalty(2, Set.of());
    penalty.see(0);
    penalty.see(0, 0);
    assertArrayEquals(
        new float[] {1.5f, -3, 0, Float.NEGATIVE_INFINITY, 3, -3}, penalty.apply(LOGITS));
  }

  @Test
  void belowOneRepeatsMore() {
    RepetitionPenalty penalty = new RepetitionPenalty(0.5f, Set.of());
    penalty.see(0, 1);
    assertArrayEquals(
        new float[] {6, -1.5f, 0, Float.NEGATIVE_INFINITY, 3, -3}, penalty.apply(LOGITS));
  }

  @Test
  void sparedTokensAndIdsBeyondTheVocabularyChangeNothing() {
    RepetitionPenalty penalty = new RepetitionPenalty(2, Set.of(0));
    penalty.see(0);
    assertSame(LOGITS, penalty.apply(LOGITS));
    penalty.see(6, 1000);
    assertArrayEquals(LOGITS, penalty.apply(LOGITS));
  }

  @Test
  void oneIsOff() {
    RepetitionPenalty penalty = new RepetitionPenalty(1, Set.of());
    penalty.see(0, 1, 2);
    assertSame(LOGITS, penalty.apply(LOGITS));
  }
}
