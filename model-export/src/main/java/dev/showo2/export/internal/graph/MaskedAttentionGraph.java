package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;

/**
 * Attention in plain ONNX, with a mask as input. The group of query heads that a key and value head
 * serves is an axis of its own, so that keys and values are broadcast and never copied.
 *
 * @param mask added to the scores: 0 or -∞ [S, P+S], or a single 0 for full attention
 */
record MaskedAttentionGraph(Layers layers, Heads heads, RotaryGraph rotary, Value mask)
    implements CachedAttentionGraph {

  static MaskedAttentionGraph of(Layers layers, Heads heads, RotaryGraph rotary) {
    return new MaskedAttentionGraph(
        layers,
        heads,
        rotary,
        layers.graph.input("attention_mask", DataType.FLOAT32, "mask_rows", "mask_columns"));
  }

  @Override
  public Value attend(int layer, Value query, Value key, Value value, HeadNorm headNorm) {
    OnnxOps ops = layers.ops;
    // [B, S, kv, group, size] -> [B, kv, group, S, size]
    Value queries =
        ops.transpose(
            headNorm.apply(
                "q", layers.withInner(query, heads.keyValue(), heads.group(), heads.size())),
            0,
            2,
            3,
            1,
            4);
    Value keys = heads(headNorm.apply("k", layers.withInner(key, heads.keyValue(), heads.size())));
    Value values = heads(layers.withInner(value, heads.keyValue(), heads.size()));
    Value allKeys = cached("key", layer, rotary.rotate(keys));
    Value allValues = cached("value", layer, values);
    return masked(layers, heads, rotary.rotate(queries), allKeys, allValues, mask);
  }

  /**
   * @param queries [B, kv, group, S, size]
   * @param keys [B, kv, P+S, size]
   * @param values [B, kv, P+S, size]
   * @return [B, S, heads·size]
   */
  static Value masked(
      Layers layers, Heads heads, Value queries, Value keys, Value values, Value mask) {
    OnnxOps ops = layers.ops;
    Value scale = layers.graph.scalar((float) (1 / Math.sqrt(heads.size())));
    Value scores =
        ops.matrixProduct(
            ops.multiply(queries, scale), ops.transpose(ops.unsqueeze(keys, 2), 0, 1, 2, 4, 3));
    Value weights = ops.softmax(ops.add(scores, mask));
    Value result = ops.matrixProduct(weights, ops.unsqueeze(values, 2));
    // [B, kv, group, S, size] -> [B, S, heads·size]
    return layers.withInner(ops.transpose(result, 0, 3, 1, 2, 4), heads.width());
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
            heads.keyValue(),
            "past",
            heads.size());
    return layers.graph.outputInUse(
        layers.ops.concat(2, cached, own),
        "present_" + kind + "_" + layer,
        DataType.FLOAT32,
        "batch",
        heads.keyValue(),
        "total",
        heads.size());
  }
}
