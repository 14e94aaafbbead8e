package dev.showo2.export.internal.calibration;

/**
 * Softmax(q · kᵀ / √size) · v, head by head, within each stream (SPEC 4).
 *
 * @param heads of queries
 * @param keyValueHeads each of which serves a group of the heads of queries
 * @param causal tokens at the beginning, which see nothing after themselves; the others see all
 */
record SegmentAttention(int heads, int keyValueHeads, int causal) {

  /**
   * @param queries [heads · size, tokens]
   * @param keys [kv · size, tokens]
   * @param values [kv · size, tokens]
   * @return [heads · size, tokens]
   */
  Activations apply(Activations queries, Activations keys, Activations values, RowWorkers workers) {
    int size = queries.channels() / heads;
    Activations result = Activations.zeros(queries.channels(), queries.tokens(), queries.streams());
    workers.forEach(
        heads,
        head -> {
          int from = head * size;
          int group = head / (heads / keyValueHeads) * size;
          for (int start = 0; start < queries.columns(); start += queries.tokens()) {
            float[][] weights = weights(queries, from, keys, group, size, start);
            addWeighted(weights, values, group, result, from, size, start);
          }
        });
    return result;
  }

  /**
   * How much each token sees of each.
   *
   * @return [seen, seeing]
   */
  private float[][] weights(
      Activations queries, int from, Activations keys, int group, int size, int start) {
    int tokens = queries.tokens();
    float scale = (float) (1 / Math.sqrt(size));
    float[][] scores = new float[tokens][tokens];
    for (int i = 0; i < size; i++) {
      float[] query = queries.values()[from + i];
      float[] key = keys.values()[group + i];
      for (int seen = 0; seen < tokens; seen++) {
        addProducts(scores[seen], key[start + seen] * scale, query, start);
      }
    }
    for (int seeing = 0; seeing < tokens; seeing++) {
      softmax(scores, seeing, seeing < causal ? seeing + 1 : tokens);
    }
    return scores;
  }

  private static void addWeighted(
      float[][] weights,
      Activations values,
      int group,
      Activations result,
      int from,
      int size,
      int start) {
    int tokens = values.tokens();
    for (int i = 0; i < size; i++) {
      float[] sums = new float[tokens];
      float[] value = values.values()[group + i];
      for (int seen = 0; seen < tokens; seen++) {
        addProducts(sums, value[start + seen], weights[seen], 0);
      }
      System.arraycopy(sums, 0, result.values()[from + i], start, tokens);
    }
  }

  private static void addProducts(float[] sums, float factor, float[] values, int start) {
    for (int t = 0; t < sums.length; t++) {
      sums[t] += factor * values[start + t];
    }
  }

  private static void softmax(float[][] scores, int column, int visible) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int seen = 0; seen < visible; seen++) {
      largest = Math.max(largest, scores[seen][column]);
    }
    double sum = 0;
    for (int seen = 0; seen < visible; seen++) {
      scores[seen][column] = (float) StrictMath.exp(scores[seen][column] - largest);
      sum += scores[seen][column];
    }
    for (int seen = 0; seen < scores.length; seen++) {
      scores[seen][column] = seen < visible ? (float) (scores[seen][column] / sum) : 0;
    }
  }
}
