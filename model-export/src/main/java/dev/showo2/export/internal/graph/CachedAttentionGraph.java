package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import java.util.Optional;

/**
 * Grouped-query attention of one segment over what the cache holds and itself. Each key and value
 * head serves a group of query heads; the group is an axis of its own, so that keys and values are
 * broadcast and never copied.
 *
 * @param mask added to the scores: 0 or -∞ [S, P+S], or a single 0 for full attention
 * @param full whether several queries come with a single 0, so that each sees all keys; empty in
 *     dialects that compute both kinds alike
 */
record CachedAttentionGraph(
    Layers layers,
    int heads,
    int keyValueHeads,
    int headSize,
    RotaryGraph rotary,
    Value mask,
    Optional<Value> full) {

  /**
   * With the mask that callers give as input: [1, 1] with 0 for full attention, else [S, P+S] with
   * 0 and -∞.
   *
   * @param tokens [B, S, ·]
   */
  static CachedAttentionGraph of(
      Layers layers, Value tokens, int heads, int keyValueHeads, int headSize, RotaryGraph rotary) {
    GraphBuilder graph = layers.graph;
    OnnxOps ops = layers.ops;
    Value mask = graph.input("attention_mask", DataType.FLOAT32, "mask_rows", "mask_columns");
    Optional<Value> full =
        graph.dialect() == Dialect.ORT
            ? Optional.of(ops.less(ops.elementCount(mask), ops.squeeze(ops.shape(tokens, 1, 2), 0)))
            : Optional.empty();
    return new CachedAttentionGraph(layers, heads, keyValueHeads, headSize, rotary, mask, full);
  }

  /**
   * @param query [B, S, heads·size]
   * @param key [B, S, kv·size]
   * @param value [B, S, kv·size]
   * @param headNorm applied to query heads and key heads before rotation, with "q" and "k"
   * @return [B, S, heads·size]
   */
  Value attend(int layer, Value query, Value key, Value value, HeadNorm headNorm) {
    OnnxOps ops = layers.ops;
    int group = heads / keyValueHeads;
    // [B, S, kv, group, size] -> [B, kv, group, S, size]
    Value queries =
        ops.transpose(
            headNorm.apply("q", layers.withInner(query, keyValueHeads, group, headSize)),
            0,
            2,
            3,
            1,
            4);
    Value keys = heads(headNorm.apply("k", layers.withInner(key, keyValueHeads, headSize)));
    Value values = heads(layers.withInner(value, keyValueHeads, headSize));
    Value allKeys = cached("key", layer, rotary.rotate(keys));
    Value allValues = cached("value", layer, values);

    Value rotated = rotary.rotate(queries);
    if (full.isEmpty()) {
      return masked(rotated, allKeys, allValues);
    }
    return layers.graph.choose(
        full.get(),
        () -> unmasked(rotated, allKeys, allValues),
        () -> masked(rotated, allKeys, allValues),
        "batch",
        "sequence",
        heads * headSize);
  }

  /**
   * @param queries [B, kv, group, S, size]
   * @param keys [B, kv, P+S, size]
   * @param values [B, kv, P+S, size]
   * @return [B, S, heads·size]
   */
  private Value masked(Value queries, Value keys, Value values) {
    OnnxOps ops = layers.ops;
    Value scale = layers.graph.scalar((float) (1 / Math.sqrt(headSize)));
    Value scores =
        ops.matrixProduct(
            ops.multiply(queries, scale), ops.transpose(ops.unsqueeze(keys, 2), 0, 1, 2, 4, 3));
    Value weights = ops.softmax(ops.add(scores, mask));
    Value result = ops.matrixProduct(weights, ops.unsqueeze(values, 2));
    // [B, kv, group, S, size] -> [B, S, heads·size]
    return layers.withInner(ops.transpose(result, 0, 3, 1, 2, 4), (long) heads * headSize);
  }

  /**
   * As {@link #masked}, where every query sees all keys: then those of a group are so many more
   * queries of one head.
   */
  private Value unmasked(Value queries, Value keys, Value values) {
    OnnxOps ops = layers.ops;
    int group = heads / keyValueHeads;
    long width = (long) keyValueHeads * headSize;
    Value attended =
        ops.flashAttention(
            ops.reshape(ops.transpose(queries, 0, 2, 3, 1, 4), 0, -1, width),
            ops.reshape(heads(keys), 0, -1, width),
            ops.reshape(heads(values), 0, -1, width),
            keyValueHeads);
    // [B, group·S, kv·size] -> [B, group, S, kv, size] -> [B, S, kv, group, size]
    Value byGroup = ops.reshape(attended, 0, group, -1, keyValueHeads, headSize);
    return layers.withInner(ops.transpose(byGroup, 0, 2, 3, 1, 4), (long) heads * headSize);
  }

  /** [B, S, kv, size] -> [B, kv, S, size], or back. */
  private Value heads(Value x) {
    return layers.ops.transpose(x, 0, 2, 1, 3);
  }

  /**
   * Joins what the cache holds of a layer with the segment's own, and gives both back as output.
   */
  private Value cached(String kind, int layer, Value own) {
    Value cached =
        layers.graph.input(
            "past_" + kind + "_" + layer,
            DataType.FLOAT32,
            "batch",
            keyValueHeads,
            "past",
            headSize);
    return layers.graph.outputInUse(
        layers.ops.concat(2, cached, own),
        "present_" + kind + "_" + layer,
        DataType.FLOAT32,
        "batch",
        keyValueHeads,
        "total",
        headSize);
  }

  /** A norm over each head's vector. */
  @FunctionalInterface
  interface HeadNorm {

    /** For models that rotate their heads as they are. */
    HeadNorm NONE = (which, x) -> x;

    Value apply(String which, Value heads);
  }
}
