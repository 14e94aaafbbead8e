package dev.showo2.sampler.internal;

import dev.showo2.error.BackendException;
import dev.showo2.sampler.TokenSampling;
import dev.showo2.sampler.TorchRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.PriorityQueue;
import org.apiguardian.api.API;

/**
 * Chooses tokens from logits (SPEC 7, golden {@code token_filter}).
 *
 * <p>Not thread-safe, since each choice advances the random number generator.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TokenSampler {

  private final TokenSampling sampling;
  private final TorchRandom random;

  /**
   * Makes a sampler.
   *
   * @param sampling temperature, top k and top p
   * @param random generator of random numbers; greedy sampling draws none
   */
  public TokenSampler(TokenSampling sampling, TorchRandom random) {
    this.sampling = Objects.requireNonNull(sampling, "sampling");
    this.random = Objects.requireNonNull(random, "random");
  }

  /**
   * The distribution that {@link #next} draws from, over all V tokens.
   *
   * @param logits [V], not written to; -∞ bars a token
   * @throws BackendException if the logits hold NaN or +∞, or bar every token
   */
  public float[] probabilities(float[] logits) {
    float largest = logits[requireLogits(logits)];
    float[] scaled = new float[logits.length];
    for (int i = 0; i < scaled.length; i++) {
      // The largest becomes 0, so that no temperature makes it overflow.
      scaled[i] = (logits[i] - largest) / sampling.temperature();
    }
    TokenFilter.keepTopK(scaled, sampling.topK().orElse(logits.length));
    return TokenFilter.keepTopP(softmax(scaled), sampling.topP().orElse(1));
  }

  /**
   * The next token: the first of the likeliest when greedy, else one draw of {@link
   * TorchRandom#uniform} through the inverse of the cumulated probabilities.
   *
   * @param logits [V], not written to; -∞ bars a token
   * @return an index into the logits
   * @throws BackendException if the logits hold NaN or +∞, or bar every token
   */
  public int next(float[] logits) {
    if (sampling.isGreedy()) {
      return requireLogits(logits);
    }
    float[] probabilities = probabilities(logits);
    double total = 0;
    for (float probability : probabilities) {
      total += probability;
    }
    double target = random.uniform() * total;
    double cumulated = 0;
    int chosen = 0;
    for (int i = 0; i < probabilities.length && cumulated <= target; i++) {
      if (probabilities[i] > 0) {
        cumulated += probabilities[i];
        chosen = i;
      }
    }
    return chosen;
  }

  /**
   * @param logits the largest is 0
   */
  private static float[] softmax(float[] logits) {
    float[] probabilities = new float[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] != Float.NEGATIVE_INFINITY) {
        probabilities[i] = (float) StrictMath.exp(logits[i]);
        sum += probabilities[i];
      }
    }
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = (float) (probabilities[i] / sum);
    }
    return probabilities;
  }

  /** Returns the first of the largest. */
  private static int requireLogits(float[] logits) {
    int largest = -1;
    for (int i = 0; i < logits.length; i++) {
      if (Float.isNaN(logits[i]) || logits[i] == Float.POSITIVE_INFINITY) {
        throw new BackendException(
            "logits: expected numbers or -Infinity; found "
                + logits[i]
                + " for token "
                + i
                + "; the model overflows in this precision or its weights are corrupt; run it in"
                + " 32-bit floats, and check the bundle if that does not help");
      }
      float best = largest < 0 ? Float.NEGATIVE_INFINITY : logits[largest];
      if (logits[i] > best) {
        largest = i;
      }
    }
    if (largest < 0) {
      throw new BackendException(
          "logits: expected at least one token that may follow; found none among "
              + logits.length
              + "; the language head is at fault or every token is barred");
    }
    return largest;
  }

  /** The top-k and top-p filters. */
  private static final class TokenFilter {

    private TokenFilter() {}

    /** Sets what is below the k-th largest logit to -∞. */
    static void keepTopK(float[] logits, int k) {
      if (k >= logits.length) {
        return;
      }
      float border = kthLargest(logits, k);
      for (int i = 0; i < logits.length; i++) {
        if (logits[i] < border) {
          logits[i] = Float.NEGATIVE_INFINITY;
        }
      }
    }

    /**
     * The likeliest tokens until they have more than p together, scaled to sum 1; the rest is 0.
     */
    static float[] keepTopP(float[] probabilities, double p) {
      if (p >= 1) {
        // Rounded probabilities may exceed 1 together before the last of them.
        return probabilities;
      }
      int[] order = likeliestFirst(probabilities, p);
      int count = 0;
      double sum = 0;
      while (count < order.length && sum <= p) {
        sum += probabilities[order[count++]];
      }
      float[] nucleus = new float[probabilities.length];
      for (int i = 0; i < count; i++) {
        nucleus[order[i]] = (float) (probabilities[order[i]] / sum);
      }
      return nucleus;
    }

    private static float kthLargest(float[] values, int k) {
      PriorityQueue<Float> largest = new PriorityQueue<>(k);
      for (float value : values) {
        if (largest.size() < k) {
          largest.add(value);
        } else if (value > largest.peek()) {
          largest.poll();
          largest.add(value);
        }
      }
      return largest.peek();
    }

    /**
     * Tokens that top p may keep, the likeliest and among equals the first in front.
     *
     * <p>Most of a vocabulary is so unlikely that all of it together has less than 1 - p; that need
     * not be sorted. Half of the bound leaves room for rounding.
     */
    private static int[] likeliestFirst(float[] probabilities, double p) {
      double least = (1 - p) / probabilities.length / 2;
      long[] keys = new long[probabilities.length];
      int count = 0;
      for (int token = 0; token < probabilities.length; token++) {
        if (probabilities[token] >= least) {
          // The bits of positive floats order as the floats do.
          long rank = Integer.MAX_VALUE - Float.floatToRawIntBits(probabilities[token]);
          keys[count++] = rank << 32 | token;
        }
      }
      Arrays.sort(keys, 0, count);
      return Arrays.stream(keys, 0, count).mapToInt(key -> (int) key).toArray();
    }
  }
}
