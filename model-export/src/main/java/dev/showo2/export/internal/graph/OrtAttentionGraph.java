package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxAttribute;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import java.util.List;

/**
 * Attention by ONNX Runtime's own operators, none of which holds the scores of all queries.
 *
 * <p>The prefix [B, kv, capacity, size] may be larger than what it holds, which {@code past_length}
 * tells. With {@code in_place} the engine gives back a prefix of the same capacity, or of a larger
 * one if it is too small, and copies nothing if the caller gives the same memory for input and
 * output. Its operator computes causal attention, and of several sequences only the first segment
 * or single positions. Without {@code in_place} the prefix that is given back has no room.
 */
final class OrtAttentionGraph implements CachedAttentionGraph {

  /** Of which the engine's grouped-query attention takes multiples only. */
  private static final int HEAD_SIZE_UNIT = 8;

  private final Layers layers;
  private final GraphBuilder graph;
  private final OnnxOps ops;
  private final Heads heads;
  private final RotaryGraph rotary;

  /** Positions held, a vector of one integer. */
  private final Value prefix;

  private final Value causal;

  private final Value grouped;

  /** The index of the last position, for each row. */
  private final Value lasts;

  /** How many positions there are with the segment's. */
  private final Value total;

  private final Value mask;

  private OrtAttentionGraph(Layers layers, Value tokens, Heads heads, RotaryGraph rotary) {
    this.layers = layers;
    this.graph = layers.graph;
    this.ops = layers.ops;
    this.heads = heads;
    this.rotary = rotary;
    prefix = graph.input("past_length", DataType.INT64, 1);
    causal = graph.input("causal", DataType.BOOL, 1);
    grouped = graph.input("in_place", DataType.BOOL, 1);
    Value all = ops.add(prefix, ops.shape(tokens, 1, 2));
    Value last = ops.subtract(all, graph.integers(1));
    lasts = ops.cast(node("Expand", last, ops.shape(tokens, 0, 1)), DataType.INT32);
    total = ops.cast(ops.squeeze(all, 0), DataType.INT32);
    mask = mask(all);
  }

  /** Whether the engine's operators compute heads of this size; released models have such. */
  static boolean takes(Heads heads) {
    return heads.size() % HEAD_SIZE_UNIT == 0;
  }

  static OrtAttentionGraph of(Layers layers, Value tokens, Heads heads, RotaryGraph rotary) {
    return new OrtAttentionGraph(layers, tokens, heads, rotary);
  }

  private Value node(String operator, Value... inputs) {
    return graph.node(operator, List.of(inputs));
  }

  /** 0 where a query sees a key, -∞ where the key is later [S, P+S]. */
  private Value mask(Value all) {
    Value keys = node("Range", graph.integer(0), ops.squeeze(all, 0), graph.integer(1));
    Value later = node("Greater", keys, ops.unsqueeze(rotary.positions(), 1));
    return ops.where(later, graph.scalar(Float.NEGATIVE_INFINITY), graph.scalar(0));
  }

  @Override
  public Value attend(int layer, Value query, Value key, Value value, HeadNorm headNorm) {
    Value queries = rotated("q", query, heads.all(), headNorm);
    Value keys = rotated("k", key, heads.keyValue(), headNorm);
    Value pastKeys = past("key", layer);
    Value pastValues = past("value", layer);
    List<Value> results =
        graph.choose(
            grouped,
            () -> grouped(queries, keys, value, pastKeys, pastValues),
            () -> {
              Value allKeys = joined(pastKeys, keys);
              Value allValues = joined(pastValues, value);
              Value attended =
                  graph.choose(
                      causal,
                      () -> masked(queries, allKeys, allValues),
                      () -> unmasked(queries, allKeys, allValues),
                      "batch",
                      "sequence",
                      heads.width());
              return List.of(attended, allKeys, allValues);
            },
            List.of(
                new Object[] {"batch", "sequence", heads.width()},
                cacheDimensions("present"),
                cacheDimensions("present")));
    present("key", layer, results.get(1));
    present("value", layer, results.get(2));
    return results.get(0);
  }

  /** [B, S, n·size], each head normed and rotated. */
  private Value rotated(String which, Value x, int count, HeadNorm headNorm) {
    Value normed = x;
    if (headNorm != HeadNorm.NONE) {
      long width = (long) count * heads.size();
      normed =
          layers.withInner(headNorm.apply(which, layers.withInner(x, count, heads.size())), width);
    }
    return rotary.rotateRows(normed, count);
  }

  private List<Value> grouped(
      Value queries, Value keys, Value values, Value pastKeys, Value pastValues) {
    return graph.ortNodes(
        "GroupQueryAttention",
        3,
        List.of(queries, keys, values, pastKeys, pastValues, lasts, total),
        OnnxAttribute.of("num_heads", heads.all()),
        OnnxAttribute.of("kv_num_heads", heads.keyValue()));
  }

  /** What the cache holds and the segment's own [B, S, kv·size], as [B, kv, P+S, size]. */
  private Value joined(Value past, Value own) {
    Value held = graph.node("Slice", List.of(past, graph.integers(0), prefix, graph.integers(2)));
    return ops.concat(2, held, byHead(layers.withInner(own, heads.keyValue(), heads.size())));
  }

  private Value masked(Value queries, Value keys, Value values) {
    Value grouped =
        ops.transpose(
            layers.withInner(queries, heads.keyValue(), heads.group(), heads.size()),
            0,
            2,
            3,
            1,
            4);
    return MaskedAttentionGraph.masked(layers, heads, grouped, keys, values, mask);
  }

  /**
   * As {@link #masked}, where every query sees all keys: then those of a group are so many more
   * queries of one head.
   */
  private Value unmasked(Value queries, Value keys, Value values) {
    long width = heads.keyValueWidth();
    Value grouped = layers.withInner(queries, heads.keyValue(), heads.group(), heads.size());
    Value attended =
        ops.flashAttention(
            ops.reshape(ops.transpose(grouped, 0, 3, 1, 2, 4), 0, -1, width),
            ops.reshape(byHead(keys), 0, -1, width),
            ops.reshape(byHead(values), 0, -1, width),
            heads.keyValue());
    // [B, group·S, kv·size] -> [B, group, S, kv, size] -> [B, S, kv, group, size]
    Value byGroup = ops.reshape(attended, 0, heads.group(), -1, heads.keyValue(), heads.size());
    return layers.withInner(ops.transpose(byGroup, 0, 2, 3, 1, 4), heads.width());
  }

  /** [B, S, kv, size] -> [B, kv, S, size], or back. */
  private Value byHead(Value x) {
    return ops.transpose(x, 0, 2, 1, 3);
  }

  private Value past(String kind, int layer) {
    return graph.input("past_" + kind + "_" + layer, DataType.FLOAT32, cacheDimensions("capacity"));
  }

  private void present(String kind, int layer, Value value) {
    graph.outputInUse(
        value, "present_" + kind + "_" + layer, DataType.FLOAT32, cacheDimensions("present"));
  }

  private Object[] cacheDimensions(String positions) {
    return new Object[] {"batch", heads.keyValue(), positions, heads.size()};
  }
}
