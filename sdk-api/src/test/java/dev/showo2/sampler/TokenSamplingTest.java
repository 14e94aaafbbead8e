package dev.showo2.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.testing.Messages;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSamplingTest {

  @Test
  void greedyKeepsOneToken() {
    TokenSampling greedy = TokenSampling.greedy();
    assertEquals(TokenSampling.builder().topK(1).build(), greedy);
    assertTrue(greedy.isGreedy());
    assertFalse(TokenSampling.builder().build().isGreedy());
    assertFalse(TokenSampling.builder().topK(2).build().isGreedy());
  }

  @Test
  void everythingIsKeptUnlessItIsCut() {
    TokenSampling all = TokenSampling.builder().build();
    assertEquals(1, all.temperature());
    assertEquals(OptionalInt.empty(), all.topK());
    assertEquals(OptionalDouble.empty(), all.topP());
    TokenSampling cut = all.toBuilder().temperature(0.5f).topK(3).topP(0.9).build();
    assertEquals(0.5f, cut.temperature());
    assertEquals(OptionalInt.of(3), cut.topK());
    assertEquals(OptionalDouble.of(0.9), cut.topP());
    assertEquals(cut, cut.toBuilder().build());
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
  void badTemperaturesAreRefused(float temperature) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> TokenSampling.builder().temperature(temperature).build(),
        "temperature: expected a finite number above 0",
        "found " + temperature,
        "greedy()");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -5})
  void badTopKsAreRefused(int topK) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> TokenSampling.builder().topK(topK).build(),
        "topK: expected at least 1",
        "found " + topK,
        "leave it out");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.0001, Double.NaN})
  void badTopPsAreRefused(double topP) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> TokenSampling.builder().topP(topP).build(),
        "topP: expected above 0 and at most 1",
        "found " + topP,
        "leave it out");
  }
}
