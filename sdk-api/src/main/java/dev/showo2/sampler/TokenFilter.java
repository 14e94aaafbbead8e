package dev.showo2.sampler;

import java.util.Arrays;
import java.util.PriorityQueue;

/** The cuts of token sampling; a token that is cut gets the logit -∞ or the probability 0. */
final class TokenFilter {

  private TokenFilter() {}

  /** Cuts what is below the k-th largest logit. */
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

  /** Cuts each token when those likelier than it have more than p together; scales to sum 1. */
  static void keepTopP(float[] probabilities, double p) {
    if (p >= 1) {
      // Rounded probabilities may exceed 1 together before the last of them.
      return;
    }
    long[] order = likeliestFirst(probabilities);
    double before = 0;
    double kept = 0;
    for (long entry : order) {
      int token = (int) entry;
      float probability = probabilities[token];
      if (before > p) {
        probabilities[token] = 0;
      } else {
        kept += probability;
      }
      before += probability;
    }
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = (float) (probabilities[i] / kept);
    }
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
   * Tokens that have a probability, the likeliest and among equals the first in front. The bits of
   * positive floats order as the floats do, so one sort of primitive keys does it.
   */
  private static long[] likeliestFirst(float[] probabilities) {
    long[] keys = new long[probabilities.length];
    int count = 0;
    for (int token = 0; token < probabilities.length; token++) {
      if (probabilities[token] > 0) {
        long rank = Integer.MAX_VALUE - Float.floatToRawIntBits(probabilities[token]);
        keys[count++] = rank << 32 | token;
      }
    }
    long[] order = Arrays.copyOf(keys, count);
    Arrays.sort(order);
    return order;
  }
}
