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
    double[][] keyColumns = keys.transposed();
    double[][][] valueRows = valueRows(values);
    long work = 2L * queries.rows() * keys.rows() * queries.columns();
    workers.forEachRow(
        queries.rows(),
        work,
        row -> {
          int visible = attention == Attention.CAUSAL ? prefix + row + 1 : keys.rows();
          for (int head = 0; head < heads; head++) {
            int from = queries.start(row) + head * headSize;
            int group = head / (heads / keyValueHeads);
            double[] weights = weights(queries.values(), from, keyColumns, group, visible);
            double[] sums = new double[headSize];
            WeightedSum.add(weights, 0, valueRows[group], 0, visible, sums, headSize);
            System.arraycopy(sums, 0, result.values(), from, headSize);
          }
        });
    return result;
  }

  /** Softmax(query · keyᵀ / √size) over the visible positions. */
  private double[] weights(double[] queries, int from, double[][] keys, int group, int visible) {
    double[] scores = new double[visible];
    WeightedSum.add(queries, from, keys, group * headSize, headSize, scores, visible);
    double scale = Math.sqrt(headSize);
    for (int position = 0; position < visible; position++) {
      scores[position] /= scale;
    }
    Ops.softmax(scores);
    return scores;
  }

  /** The values, [kv][P + S][size]. */
  private double[][][] valueRows(Matrix values) {
    double[][][] rows = new double[keyValueHeads][values.rows()][headSize];
    for (int group = 0; group < keyValueHeads; group++) {
      for (int position = 0; position < values.rows(); position++) {
        int at = values.start(position) + group * headSize;
        System.arraycopy(values.values(), at, rows[group][position], 0, headSize);
      }
    }
    return rows;
  }
}
