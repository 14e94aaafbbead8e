package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.NdScopes.scoped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;

/** The gated feed-forward network of both transformers: down(SiLU(gate(x)) · up(x)). */
record SwiGluLayer(DjlLinear gate, DjlLinear up, DjlLinear down) {

  /**
   * Rows that are computed together: enough for the products to be fast, and few enough that the
   * wide values in between stay in the processor's caches and in memory that is used again.
   */
  private static final int ROWS = 256;

  static SwiGluLayer of(DjlWeights weights, String key, int width, int inner) {
    return new SwiGluLayer(
        weights.linearWithoutBias(key + ".gate_proj", inner, width),
        weights.linearWithoutBias(key + ".up_proj", inner, width),
        weights.linearWithoutBias(key + ".down_proj", width, inner));
  }

  /**
   * @param x [N, width]
   * @return [N, width]
   */
  NDArray apply(NDArray x) {
    long rows = x.getShape().get(0);
    if (rows <= ROWS) {
      return scoped(x, this::applyTogether);
    }
    try (NDManager scope = x.getManager().newSubManager()) {
      NDArray whole = NdScopes.view(x, scope);
      NDList parts = new NDList();
      for (long from = 0; from < rows; from += ROWS) {
        NDArray part = whole.get(new NDIndex("{}:{}", from, Math.min(rows, from + ROWS)));
        parts.add(scoped(part, this::applyTogether));
      }
      NDArray result = NDArrays.concat(parts, 0);
      result.attach(x.getManager());
      return result;
    }
  }

  private NDArray applyTogether(NDArray x) {
    return down.apply(gate.apply(x).getNDArrayInternal().swish(1).mul(up.apply(x)));
  }
}
