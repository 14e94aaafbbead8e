package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.showo2.stage.Attention;
import java.util.Collections;

/**
 * Scaled dot-product attention of a segment over its prefix and itself, with grouped heads. The
 * kernel takes memory that grows with the number of positions, not with its square. Thread-safe.
 */
final class OmniAttention implements AutoCloseable {

  /** Queries of a causal segment that are computed together; bounds the memory of the mask. */
  private static final int CAUSAL_QUERIES = 256;

  private final TorchScript full;
  private final TorchScript masked;

  private OmniAttention(TorchScript full, TorchScript masked) {
    this.full = full;
    this.masked = masked;
  }

  /** Compiles the kernels; the caller closes them. */
  static OmniAttention compile() {
    TorchScript full =
        TorchScript.compile("torch.scaled_dot_product_attention(q, k, v)", "q", "k", "v");
    try {
      return new OmniAttention(
          full,
          TorchScript.compile(
              "torch.scaled_dot_product_attention(q, k, v, mask)", "q", "k", "v", "mask"));
    } catch (Throwable e) {
      full.close();
      throw e;
    }
  }

  /**
   * Every query sees all keys. Groups of query heads that share keys are computed as more queries
   * of one head.
   *
   * @param queries [B, heads, S, size], best row-major in memory
   * @param keys [B, kv, P + S, size]
   * @param values [B, kv, P + S, size]
   * @return [B, heads, S, size]
   */
  NDArray full(NDArray queries, NDArray keys, NDArray values) {
    Shape shape = queries.getShape();
    return full.call(grouped(queries, keys), keys, values).reshape(shape);
  }

  private static NDArray grouped(NDArray queries, NDArray keys) {
    Shape shape = queries.getShape();
    long keyHeads = keys.getShape().get(1);
    return queries.reshape(
        shape.get(0), keyHeads, shape.get(1) / keyHeads * shape.get(2), shape.get(3));
  }

  /** As {@link #full}, with the attention of a segment. */
  NDArray attend(NDArray queries, NDArray keys, NDArray values, Attention attention) {
    long length = queries.getShape().get(2);
    if (attention == Attention.FULL || length == 1) {
      return full(queries, keys, values);
    }
    long prefix = keys.getShape().get(2) - length;
    NDList parts = new NDList();
    for (long from = 0; from < length; from += CAUSAL_QUERIES) {
      long to = Math.min(length, from + CAUSAL_QUERIES);
      NDIndex seen = new NDIndex(":, :, :{}", prefix + to);
      parts.add(
          causal(
              queries.get(new NDIndex(":, :, {}:{}", from, to)),
              keys.get(seen),
              values.get(seen),
              Math.toIntExact(to - from)));
    }
    return NdScopes.joined(parts, 2);
  }

  /** The last queries of a sequence. */
  private NDArray causal(NDArray queries, NDArray keys, NDArray values, int length) {
    Shape shape = queries.getShape();
    int groups = Math.toIntExact(shape.get(1) / keys.getShape().get(1));
    int seen = Math.toIntExact(keys.getShape().get(2));
    try (NDManager scope = queries.getManager().newSubManager()) {
      NDList masks = new NDList();
      masks.addAll(Collections.nCopies(groups, mask(length, seen, scope)));
      NDArray forGroups = NdScopes.joined(masks, 0);
      return masked.call(grouped(queries, keys), keys, values, forGroups).reshape(shape);
    }
  }

  /** Made by the engine, since buffers of Java are freed late. */
  private static NDArray mask(int length, int seen, NDManager scope) {
    NDArray rows = scope.arange(seen - length, seen, 1, DataType.INT32).reshape(length, 1);
    NDArray columns = scope.arange(0, seen, 1, DataType.INT32).reshape(1, seen);
    return rows.gte(columns);
  }

  @Override
  public void close() {
    try (masked) {
      full.close();
    }
  }
}
