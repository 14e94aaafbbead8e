package dev.showo2.conformance.internal.reference;

import dev.showo2.stage.Attention;

/**
 * Softmax(q · kᵀ / √size) · v, head by head. Each head of keys and values serves a group of heads
 * of queries (SPEC 4).
 */
record GroupedAttention(int heads, int keyValueHeads, int headSize, Workers workers) {

  /**
   * @param queries [S, heads · size] of a segment
   * @param keys [P + S, kv · size] of everything before the segment, and of itself
   * @param values [P + S, kv · size]
   * @return [S, heads · size]
   */
  Matrix attend(Matrix queries, Matrix keys, Matrix values, Attention attention) {
    Matrix result = Matrix.zeros(queries.rows(), queries.columns());
    int prefix = keys.rows() - queries.rows();
    long work = 2L * queries.rows() * keys.rows() * queries.columns();
    workers.forEachRow(
        queries.rows(),
        work,
        row -> {
          int visible = attention == Attention.CAUSAL ? prefix + row + 1 : keys.rows();
          for (int head = 0; head < heads; head++) {
            int from = queries.start(row) + head * headSize;
            int group = head / (heads / keyValueHeads) * headSize;
            double[] weights = weights(queries, from, keys, group, visible);
            addWeighted(weights, values, group, result.values(), from);
          }
        });
    return result;
  }

  private void addWeighted(double[] weights, Matrix values, int group, double[] sum, int from) {
    double[] all = values.values();
    for (int position = 0; position < weights.length; position++) {
      double weight = weights[position];
      int at = values.start(position) + group;
      for (int i = 0; i < headSize; i++) {
        sum[from + i] += weight * all[at + i];
      }
    }
  }

  private double[] weights(Matrix queries, int from, Matrix keys, int group, int visible) {
    double[] query = queries.values();
    double[] key = keys.values();
    double scale = Math.sqrt(headSize);
    double[] scores = new double[visible];
    for (int position = 0; position < visible; position++) {
      int at = keys.start(position) + group;
      double product = 0;
      for (int i = 0; i < headSize; i++) {
        product += query[from + i] * key[at + i];
      }
      scores[position] = product / scale;
    }
    Ops.softmax(scores);
    return scores;
  }
}
