package dev.showo2.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.fake.Messages;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSamplingTest {

  private static final OptionalInt ANY_K = OptionalInt.empty();
  private static final OptionalDouble ANY_P = OptionalDouble.empty();

  @Test
  void greedyKeepsOneToken() {
    TokenSampling greedy = TokenSampling.greedy();
    assertEquals(new TokenSampling(1, OptionalInt.of(1), ANY_P), greedy);
    assertTrue(greedy.isGreedy());
    assertFalse(new TokenSampling(1, ANY_K, ANY_P).isGreedy());
    assertFalse(new TokenSampling(1, OptionalInt.of(2), ANY_P).isGreedy());
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
  void badTemperaturesAreRefused(float temperature) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> new TokenSampling(temperature, ANY_K, ANY_P),
        "temperature: expected a finite number above 0",
        "found " + temperature,
        "greedy()");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -5})
  void badTopKsAreRefused(int topK) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> new TokenSampling(1, OptionalInt.of(topK), ANY_P),
        "topK: expected at least 1",
        "found " + topK,
        "leave it out");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.0001, Double.NaN})
  void badTopPsAreRefused(double topP) {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> new TokenSampling(1, ANY_K, OptionalDouble.of(topP)),
        "topP: expected above 0 and at most 1",
        "found " + topP,
        "leave it out");
  }
}
