package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.Value;

/** Attention of one segment over what the cache holds and itself, layer by layer. */
interface CachedAttentionGraph {

  /**
   * Declares the inputs that all layers share.
   *
   * @param tokens [B, S, ·]
   * @param frequencies as {@link RotaryFrequencies} gives them
   */
  static CachedAttentionGraph of(Layers layers, Value tokens, Heads heads, float[] frequencies) {
    RotaryGraph rotary = new RotaryGraph(layers.graph, frequencies);
    return layers.graph.dialect() == Dialect.ORT && OrtAttentionGraph.takes(heads)
        ? OrtAttentionGraph.of(layers, tokens, heads, rotary)
        : MaskedAttentionGraph.of(layers, heads, rotary);
  }

  /**
   * @param query [B, S, heads·size]
   * @param key [B, S, kv·size]
   * @param value [B, S, kv·size]
   * @param headNorm applied to query heads and key heads before rotation, with "q" and "k"
   * @return [B, S, heads·size]
   */
  Value attend(int layer, Value query, Value key, Value value, HeadNorm headNorm);

  /**
   * Each key and value head serves a group of query heads.
   *
   * @param all of queries
   * @param keyValue of keys and of values
   * @param size of each
   */
  record Heads(int all, int keyValue, int size) {

    int group() {
      return all / keyValue;
    }

    long width() {
      return (long) all * size;
    }

    long keyValueWidth() {
      return (long) keyValue * size;
    }
  }

  /** A norm over each head's vector. */
  @FunctionalInterface
  interface HeadNorm {

    /** For models that rotate their heads as they are. */
    HeadNorm NONE = (which, x) -> x;

    Value apply(String which, Value heads);
  }
}
