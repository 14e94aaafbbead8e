package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import dev.showo2.stage.Attention;
import java.util.List;

/**
 * Scaled dot-product attention of a segment over its prefix and itself, with grouped heads: groups
 * of query heads that share keys are computed as more queries of one head. The kernel takes memory
 * that grows with the number of positions, not with its square. Thread-safe.
 */
final class OmniAttention {

  /** Queries of a causal segment that are computed together; bounds the memory of the mask. */
  private static final int CAUSAL_QUERIES = 256;

  private static final String BOOL = "11";

  private static final List<String> ARGUMENTS = List.of("queries", "keys", "values");

  private static final TorchScript FULL =
      TorchScript.compile(
          ARGUMENTS,
          List.of(),
          """
          shape = [torch.size(queries, 0), torch.size(keys, 1), -1, torch.size(queries, 3)]
          q = torch.transpose(queries, 1, 2)
          y = torch.scaled_dot_product_attention(torch.reshape(q, shape), keys, values)
          return [torch.flatten(torch.transpose(torch.reshape(y, torch.size(q)), 1, 2), 2)]
          """);

  private static final TorchScript CAUSAL =
      TorchScript.compile(
          ARGUMENTS,
          List.of(),
          """
          groups = torch.size(queries, 2) // torch.size(keys, 1)
          prefix = torch.size(keys, 2) - torch.size(queries, 1)
          results = annotate(List[Tensor], [])
          for first in range(0, torch.size(queries, 1), CAUSAL_QUERIES):
            some = torch.slice(queries, 1, first, first + CAUSAL_QUERIES)
            seen = prefix + first + torch.size(some, 1)
            mask = torch.tril(torch.new_ones(some, [torch.size(some, 1), seen]), prefix + first)
            masks = torch.to(torch.repeat(mask, [groups, 1]), BOOL)
            shape = [torch.size(queries, 0), torch.size(keys, 1), -1, torch.size(queries, 3)]
            q = torch.transpose(some, 1, 2)
            k = torch.slice(keys, 2, 0, seen)
            v = torch.slice(values, 2, 0, seen)
            y = torch.scaled_dot_product_attention(torch.reshape(q, shape), k, v, masks)
            y2 = torch.flatten(torch.transpose(torch.reshape(y, torch.size(q)), 1, 2), 2)
            _0 = torch.append(results, y2)
          return [torch.cat(results, 1)]
          """
              .replace("CAUSAL_QUERIES", Integer.toString(CAUSAL_QUERIES))
              .replace("BOOL", BOOL));

  private OmniAttention() {}

  /** Compiles the functions, where they are not yet; this class's initializer does it. */
  static void compile() {}

  /**
   * Every query sees all keys.
   *
   * @param queries [B, S, heads, size]
   * @param keys [B, kv, P + S, size]
   * @param values [B, kv, P + S, size]
   * @return [B, S, heads · size]
   */
  static NDArray full(NDArray queries, NDArray keys, NDArray values) {
    return FULL.call(queries, keys, values);
  }

  /** As {@link #full}, with the attention of a segment. */
  static NDArray attend(NDArray queries, NDArray keys, NDArray values, Attention attention) {
    boolean seesAll = attention == Attention.FULL || queries.getShape().get(1) == 1;
    return (seesAll ? FULL : CAUSAL).call(queries, keys, values);
  }
}
