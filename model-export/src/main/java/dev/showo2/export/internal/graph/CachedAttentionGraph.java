package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;

/**
 * Grouped-query attention of one segment over what the cache holds and itself. Each key and value
 * head serves a group of query heads; the group is an axis of its own, so that keys and values are
 * broadcast and never copied.
 *
 * @param mask added to the scores: 0 or -∞ [S, P+S], or a single 0 for full attention
 */
record CachedAttentionGraph(
    Layers layers, int heads, int keyValueHeads, int headSize, RotaryGraph rotary, Value mask) {

  /** The mask that callers give: [1, 1] with 0 for full attention, else [S, P+S] with 0 and -∞. */
  static Value maskInput(GraphBuilder graph) {
    return graph.input("attention_mask", DataType.FLOAT32, "mask_rows", "mask_columns");
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

    Value scale = layers.graph.scalar((float) (1 / Math.sqrt(headSize)));
    Value scores =
        ops.matrixProduct(
            ops.multiply(rotary.rotate(queries), scale),
            ops.transpose(ops.unsqueeze(allKeys, 2), 0, 1, 2, 4, 3));
    Value weights = ops.softmax(ops.add(scores, mask));
    Value result = ops.matrixProduct(weights, ops.unsqueeze(allValues, 2));
    // [B, kv, group, S, size] -> [B, S, heads·size]
    return layers.withInner(ops.transpose(result, 0, 3, 1, 2, 4), (long) heads * headSize);
  }

  /** [B, S, kv, size] -> [B, kv, S, size]. */
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
