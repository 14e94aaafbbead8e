package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.internal.quantization.WeightEncoding;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Layers over tokens [B, S, ·], and back to tokens from the rows that linear layers take.
 *
 * <p>ONNX Runtime's kernels of 8- and 4-bit layers make ordinary numbers of a NaN among their
 * inputs. In its dialect these inputs are watched. {@link #marked} makes values of a token NaN if
 * any of its watched inputs so far was not finite.
 */
final class Layers {

  final GraphBuilder graph;
  final OnnxOps ops;

  /** The sizes [B, S] as a vector, by which rows [B·S, ·] become tokens again. */
  private final Value batchAndLength;

  private final LinearLayer linear;

  /** Sums [B, S, 1] that are finite where what they were taken over is, by its name. */
  private final Map<Value, Value> watched = new LinkedHashMap<>();

  /** Of what the last norm was taken over; empty before the first one. */
  private Optional<Value> lastMeanSquare = Optional.empty();

  private boolean hidesNaN;

  /** Results of norms: they are finite if the mean square of what was normed is. */
  private final Set<Value> normed = new HashSet<>();

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
    String weight = weight(key);
    Value rows = rows(x, key);
    Value product = bias ? linear.apply(rows, weight, key + ".bias") : linear.apply(rows, weight);
    return withInner(product, graph.weightShape(weight)[0]);
  }

  /** The key of the weights that are multiplied. */
  private String weight(String key) {
    String plain = key + ".weight";
    return changesInputs(key) ? WeightEncoding.transformedKey(plain) : plain;
  }

  private boolean changesInputs(String key) {
    return graph.hasWeight(WeightEncoding.transformedKey(key + ".weight"));
  }

  /** The inputs of a layer as rows, which are watched from now on. */
  private Value rows(Value x, String key) {
    String weight = weight(key);
    if (linear.hidesNaN(weight)) {
      hidesNaN = true;
      if (!normed.contains(x)) {
        watched.computeIfAbsent(x, inputs -> ops.sum(inputs, -1));
      }
    }
    return changesInputs(key)
        ? transformed(x, linear.inputs(weight), key + ".weight")
        : ops.reshape(x, -1, linear.inputs(weight));
  }

  /** Rows of inputs times their factors, and times the rotation of their blocks. */
  private Value transformed(Value x, long inputs, String weight) {
    String factors = WeightEncoding.inputFactorsKey(weight);
    String rotation = WeightEncoding.inputRotationKey(weight);
    Value scaled = graph.hasWeight(factors) ? ops.multiply(x, graph.weight(factors)) : x;
    if (!graph.hasWeight(rotation)) {
      return ops.reshape(scaled, -1, inputs);
    }
    Value blocks = ops.reshape(scaled, -1, graph.weightShape(rotation)[0]);
    return ops.reshape(ops.matrixProduct(blocks, graph.weight(rotation)), -1, inputs);
  }

  /** x / √(mean(x²) + ε) · weight, over the last axis of tokens. */
  Value rmsNorm(Value x, String key, double epsilon) {
    Value meanSquare = meanSquare(x);
    Value result = rmsNorm(x, meanSquare, key, epsilon);
    // Instead of a sum of a layer before: squares overflow earlier.
    watched.put(x, meanSquare);
    normed.add(result);
    lastMeanSquare = Optional.of(meanSquare);
    return result;
  }

  /** The same over the last axis of heads [B, S, heads..., size]. */
  Value headNorm(Value x, String key, double epsilon) {
    return rmsNorm(x, meanSquare(x), key, epsilon);
  }

  private Value meanSquare(Value x) {
    return ops.mean(ops.multiply(x, x), -1);
  }

  private Value rmsNorm(Value x, Value meanSquare, String key, double epsilon) {
    Value root = ops.squareRoot(ops.add(meanSquare, graph.scalar((float) epsilon)));
    return ops.multiply(ops.divide(x, root), graph.weight(key + ".weight"));
  }

  Value layerNorm(Value x, String key, double epsilon) {
    return ops.layerNorm(x, graph.weight(key + ".weight"), graph.weight(key + ".bias"), epsilon);
  }

  /** The gated feed-forward network of Qwen2 and Llama: down(SiLU(gate(x)) · up(x)). */
  Value swiGlu(Value x, String key) {
    Value gate = ops.silu(linearWithoutBias(x, key + ".gate_proj"));
    String upKey = key + ".up_proj";
    String downKey = key + ".down_proj";
    if (!linear.scalesRows(weight(upKey)) || !linear.scalesRows(weight(downKey))) {
      return linearWithoutBias(ops.multiply(gate, linearWithoutBias(x, upKey)), downKey);
    }
    // A factor of a whole row changes nothing when it is rounded: it can wait for the results of
    // down, of which there are fewer.
    LinearLayer.ScaledRows up = linear.int8Fused(rows(x, upKey), weight(upKey));
    Value inner = ops.multiply(gate, withInner(up.products(), graph.weightShape(weight(upKey))[0]));
    LinearLayer.ScaledRows down = linear.int8Fused(rows(inner, downKey), weight(downKey));
    Value scale = ops.multiply(down.scale(), up.scale());
    return withInner(ops.multiply(down.products(), scale), graph.weightShape(weight(downKey))[0]);
  }

  /**
   * x [B, S, ·], or NaN for the tokens that had a value that is not finite, or one whose square is
   * not: a norm makes zeros of it. Where no layer hides NaN, the last norm shows it.
   */
  Value marked(Value x) {
    return marked(x, hidesNaN ? List.copyOf(watched.values()) : lastMeanSquare.stream().toList());
  }

  /**
   * Values of the last layer for the cache, or NaN as in {@link #marked}, so that whatever attends
   * to the token shows it.
   */
  Value markedForCache(Value x) {
    return marked(x, hidesNaN ? List.copyOf(watched.values()) : List.of());
  }

  private Value marked(Value x, List<Value> sums) {
    if (sums.isEmpty()) {
      return x;
    }
    Value sum = sums.size() == 1 ? sums.get(0) : ops.sum(sums);
    // Zero, or NaN if the sum is infinite or NaN.
    return ops.add(x, ops.multiply(sum, graph.scalar(0)));
  }

  /** [B·S, inner] or [B, S, heads, size] to [B, S, inner...]. */
  Value withInner(Value x, long... inner) {
    return ops.reshape(x, ops.concat(0, batchAndLength, graph.integers(inner)));
  }
}
