package dev.showo2.sampler.internal;

import java.util.Arrays;
import java.util.PriorityQueue;

/** The cuts of token sampling. */
final class TokenFilter {

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

  /** The likeliest tokens until they have more than p together, scaled to sum 1; the rest is 0. */
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
    float[] kept = new float[probabilities.length];
    for (int i = 0; i < count; i++) {
      kept[order[i]] = (float) (probabilities[order[i]] / sum);
    }
    return kept;
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
