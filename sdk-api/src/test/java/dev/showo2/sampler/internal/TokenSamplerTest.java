package dev.showo2.sampler.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.showo2.error.BackendException;
import dev.showo2.sampler.Goldens;
import dev.showo2.sampler.TokenSampling;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.testing.Messages;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenSamplerTest {

  private static final float BARRED = Float.NEGATIVE_INFINITY;

  @ParameterizedTest
  @CsvSource({"0, 1, 0, 0", "1, 0.7, 10, 0", "2, 1.3, 0, 0.8", "3, 0.9, 20, 0.6"})
  void equalsTheGolden(int row, float temperature, int topK, double topP) {
    float[] logits = row(Goldens.read("token_filter", "logits").values(), row);
    float[] expected = row(Goldens.read("token_filter", "probabilities").values(), row);
    float[] given = logits.clone();
    assertArrayEquals(expected, sampler(temperature, topK, topP).probabilities(logits), 3e-7f);
    assertArrayEquals(given, logits, "logits are not written to");
  }

  private static float[] row(float[] values, int row) {
    return Arrays.copyOfRange(values, row * 60, row * 60 + 60);
  }

  @Test
  void tiesAtTheBorderOfTopKStay() {
    float[] logits = {1, 3, 2, 3, 2};
    assertKept(sampler(1, 2, 0).probabilities(logits), 1, 3);
    assertKept(sampler(1, 3, 0).probabilities(logits), 1, 2, 3, 4);
    assertKept(sampler(1, 9, 0).probabilities(logits), 0, 1, 2, 3, 4);
  }

  @Test
  void theTokenThatCrossesTopPStays() {
    float[] halves = {0, 0};
    assertKept(sampler(1, 0, 0.49).probabilities(halves), 0);
    assertKept(sampler(1, 0, 0.5).probabilities(halves), 0, 1);
    assertKept(sampler(1, 0, 1e-9).probabilities(new float[] {1, 5, 2}), 1);
    assertKept(sampler(1, 0, 1).probabilities(new float[] {1, 20, 2}), 0, 1, 2);
  }

  @Test
  void topPKeepsTheFewestTokensThatExceedIt() {
    float[] logits = new TorchRandom(2).normals(5000);
    float[] all = sampler(1, 0, 0).probabilities(logits);
    float[] sorted = all.clone();
    Arrays.sort(sorted);
    for (double p : new double[] {1e-9, 0.1, 0.5, 0.9, 0.999, 0.9999999}) {
      int count = 0;
      for (double sum = 0; count < sorted.length && sum <= p; count++) {
        sum += sorted[sorted.length - 1 - count];
      }
      float border = sorted[sorted.length - count];
      float[] nucleus = sampler(1, 0, p).probabilities(logits);
      for (int i = 0; i < all.length; i++) {
        assertEquals(all[i] >= border, nucleus[i] > 0, "token " + i + " for p " + p);
      }
    }
  }

  @Test
  void equalTokensAreKeptFromTheFirst() {
    float[] nucleus = sampler(1, 0, 0.25).probabilities(new float[1024]);
    for (int i = 0; i < nucleus.length; i++) {
      assertEquals(i <= 256 ? 1 / 257f : 0, nucleus[i], 1e-6f, "token " + i);
    }
    assertKept(sampler(1, 0, 1e-9).probabilities(new float[1001]), 0);
  }

  @Test
  void extremeTemperaturesStayFinite() {
    float[] logits = {5, 7, BARRED};
    assertArrayEquals(new float[] {0, 1, 0}, sampler(1e-42f, 0, 0).probabilities(logits));
    assertArrayEquals(
        new float[] {0.5f, 0.5f, 0}, sampler(1e30f, 0, 0).probabilities(logits), 1e-6f);
  }

  @Test
  void drawsWithTheGivenProbabilities() {
    double[] expected = {0.1, 0.2, 0, 0.3, 0.4};
    float[] logits = new float[expected.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(expected[i]);
    }
    int draws = 100_000;
    int[] counts = new int[expected.length];
    TokenSampler sampler = sampler(1, 0, 0);
    for (int i = 0; i < draws; i++) {
      counts[sampler.next(logits)]++;
    }
    for (int i = 0; i < expected.length; i++) {
      double deviation = Math.sqrt(expected[i] * (1 - expected[i]) / draws);
      assertEquals(expected[i], counts[i] / (double) draws, 4 * deviation, "token " + i);
    }
  }

  @Test
  void oneSeedGivesOneSequenceWithOneDrawAToken() {
    float[] logits = {1, 2, 3, 2, 1};
    int[] first = draw(sampler(1, 0, 0.9), logits);
    assertArrayEquals(first, draw(sampler(1, 0, 0.9), logits));
    TorchRandom random = new TorchRandom(8);
    new TokenSampler(TokenSampling.builder().build(), random).next(logits);
    TorchRandom other = new TorchRandom(8);
    assertNotEquals(other.uniform(), random.uniform());
    assertEquals(new TorchRandomAt(8, 2).uniform(), other.uniform());
  }

  /** The generator after some draws. */
  private record TorchRandomAt(long seed, int index) {
    double uniform() {
      TorchRandom random = new TorchRandom(seed);
      for (int i = 1; i < index; i++) {
        random.uniform();
      }
      return random.uniform();
    }
  }

  private static int[] draw(TokenSampler sampler, float[] logits) {
    int[] tokens = new int[200];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = sampler.next(logits);
    }
    return tokens;
  }

  @Test
  void greedyTakesTheFirstMaximumAndDrawsNothing() {
    TorchRandom random = new TorchRandom(4);
    TokenSampler greedy = new TokenSampler(TokenSampling.greedy(), random);
    assertEquals(1, greedy.next(new float[] {1, 3, 2, 3}));
    assertEquals(0, greedy.next(new float[] {-7}));
    assertEquals(2, greedy.next(new float[] {BARRED, BARRED, -1e30f}));
    assertEquals(new TorchRandom(4).uniform(), random.uniform());
  }

  @Test
  void logitsThatAreNoNumbersAreRefused() {
    for (TokenSampler sampler : new TokenSampler[] {sampler(1, 1, 0), sampler(1, 0, 0)}) {
      assertFails(sampler, new float[] {0, Float.NaN}, "found NaN for token 1", "32-bit floats");
      assertFails(sampler, new float[] {Float.POSITIVE_INFINITY}, "found Infinity for token 0");
      assertFails(sampler, new float[] {BARRED, BARRED}, "found none among 2");
      assertFails(sampler, new float[0], "found none among 0");
    }
  }

  private static void assertFails(TokenSampler sampler, float[] logits, String... parts) {
    Messages.assertFails(BackendException.class, () -> sampler.next(logits), parts);
    Messages.assertFails(BackendException.class, () -> sampler.probabilities(logits), parts);
  }

  /** 0 leaves a cut out. */
  private static TokenSampler sampler(float temperature, int topK, double topP) {
    TokenSampling.Builder sampling = TokenSampling.builder().temperature(temperature);
    if (topK != 0) {
      sampling.topK(topK);
    }
    if (topP != 0) {
      sampling.topP(topP);
    }
    return new TokenSampler(sampling.build(), new TorchRandom(17));
  }

  private static void assertKept(float[] probabilities, int... tokens) {
    float[] expected = new float[probabilities.length];
    double sum = 0;
    for (int token : tokens) {
      expected[token] = 1;
      sum += probabilities[token];
    }
    for (int i = 0; i < probabilities.length; i++) {
      assertEquals(expected[i] > 0, probabilities[i] > 0, "token " + i);
    }
    assertEquals(1, sum, 1e-6);
  }
}
