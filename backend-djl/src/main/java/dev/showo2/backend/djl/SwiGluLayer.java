package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.function.UnaryOperator;

/**
 * The gated feed-forward network of both transformers: down(SiLU(gate(x)) · up(x)).
 *
 * @param inner width of the values in between
 * @param network [N, width] to [N, width]
 */
record SwiGluLayer(long inner, UnaryOperator<NDArray> network) {

  /**
   * The most bytes of a wide value. The C library takes larger ones from the system each time, page
   * by page, which costs as much as an operator.
   */
  private static final long WIDE_BYTES = 30L << 20;

  static SwiGluLayer of(DjlWeights weights, String key, int width, int inner) {
    return new SwiGluLayer(inner, weights.swiGlu(key, width, inner));
  }

  /**
   * @param x [B, S, width]
   * @return [B, S, width]
   */
  NDArray apply(NDArray x) {
    long rows = x.getShape().get(0) * x.getShape().get(1);
    long parts = Math.min(rows, 1 + rows * inner * Float.BYTES / WIDE_BYTES);
    if (parts == 1) {
      return network.apply(x);
    }
    try (NDManager scope = x.getManager().newSubManager()) {
      NDArray whole = NdScopes.view(x, scope).reshape(rows, -1);
      NDList results = new NDList();
      for (long part = 0; part < parts; part++) {
        NDIndex some = new NDIndex("{}:{}", part * rows / parts, (part + 1) * rows / parts);
        results.add(network.apply(whole.get(some)));
      }
      NDArray result = NDArrays.concat(results, 0).reshape(x.getShape());
      result.attach(x.getManager());
      return result;
    }
  }
}
