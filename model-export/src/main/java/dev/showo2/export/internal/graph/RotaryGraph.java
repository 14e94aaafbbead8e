package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxAttribute;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import java.util.List;

/**
 * Rotary position embedding by rotated halves: the first half of each head's vector pairs with the
 * second. Cosines and sines [S, size/2] are computed once and serve all layers.
 */
final class RotaryGraph {

  private final GraphBuilder graph;
  private final OnnxOps ops;
  private final Value positions;
  private final Value cosine;
  private final Value sine;

  /**
   * @param frequencies one per pair, as {@link RotaryFrequencies} gives them
   */
  RotaryGraph(GraphBuilder graph, float[] frequencies) {
    this.graph = graph;
    ops = new OnnxOps(graph);
    positions = graph.input("positions", DataType.INT64, "sequence");
    Value angles =
        ops.multiply(
            ops.unsqueeze(ops.toFloat(positions), 1),
            graph.floats(frequencies, 1, frequencies.length));
    cosine = ops.cosine(angles);
    sine = ops.sine(angles);
  }

  /** The places of the segment's tokens in the whole sequence [S]. */
  Value positions() {
    return positions;
  }

  /** Rotates each head of [B, S, heads·size] with an operator of ONNX Runtime. */
  Value rotateRows(Value x, int heads) {
    return graph.ortNode(
        "RotaryEmbedding",
        // The cosines and sines are those of the segment, so its first token takes the first.
        List.of(x, graph.integers(0), cosine, sine),
        OnnxAttribute.of("num_heads", heads));
  }

  /** Rotates [..., S, size]. */
  Value rotate(Value heads) {
    List<Value> halves = ops.split(heads, 2, -1);
    Value first = halves.get(0);
    Value second = halves.get(1);
    return ops.concat(
        -1,
        ops.subtract(ops.multiply(first, cosine), ops.multiply(second, sine)),
        ops.add(ops.multiply(second, cosine), ops.multiply(first, sine)));
  }
}
