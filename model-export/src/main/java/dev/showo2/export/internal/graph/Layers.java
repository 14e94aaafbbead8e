package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;

/** Layers over tokens [B, S, ·], and back to tokens from the rows that linear layers take. */
final class Layers {

  final GraphBuilder graph;
  final OnnxOps ops;

  /** The sizes [B, S] as a vector, by which rows [B·S, ·] become tokens again. */
  private final Value batchAndLength;

  private final LinearLayer linear;

  /**
   * @param tokens any value of the graph of shape [B, S, ·]
   */
  Layers(GraphBuilder graph, Value tokens) {
    this.graph = graph;
    this.ops = new OnnxOps(graph);
    this.batchAndLength = ops.shape(tokens, 0, 2);
    this.linear = new LinearLayer(graph, ops);
  }

  /** x · Wᵀ + b, with W and b as torch stores them. */
  Value linear(Value x, String key) {
    return linear(x, key, true);
  }

  Value linearWithoutBias(Value x, String key) {
    return linear(x, key, false);
  }

  private Value linear(Value x, String key, boolean bias) {
    String weight = key + ".weight";
    Value rows = ops.reshape(x, -1, linear.inputs(weight));
    Value product = bias ? linear.apply(rows, weight, key + ".bias") : linear.apply(rows, weight);
    return withInner(product, graph.weightShape(weight)[0]);
  }

  /** x / √(mean(x²) + ε) · weight, over the last axis. */
  Value rmsNorm(Value x, String key, double epsilon) {
    Value meanSquare = ops.mean(ops.multiply(x, x), -1);
    Value root = ops.squareRoot(ops.add(meanSquare, graph.scalar((float) epsilon)));
    return ops.multiply(ops.divide(x, root), graph.weight(key + ".weight"));
  }

  Value layerNorm(Value x, String key, double epsilon) {
    return ops.layerNorm(x, graph.weight(key + ".weight"), graph.weight(key + ".bias"), epsilon);
  }

  /** The gated feed-forward network of Qwen2 and Llama: down(SiLU(gate(x)) · up(x)). */
  Value swiGlu(Value x, String key) {
    Value gate = ops.silu(linearWithoutBias(x, key + ".gate_proj"));
    Value up = linearWithoutBias(x, key + ".up_proj");
    return linearWithoutBias(ops.multiply(gate, up), key + ".down_proj");
  }

  /** [B·S, inner] or [B, S, heads, size] to [B, S, inner...]. */
  Value withInner(Value x, long... inner) {
    return ops.reshape(x, ops.concat(0, batchAndLength, graph.integers(inner)));
  }
}
