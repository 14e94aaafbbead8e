package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import java.util.Arrays;
import java.util.List;

/**
 * Shifts, scales and gates that a time vector gives, or those that change nothing for segments
 * without a time: shift 0, scale 0, gate 1.
 */
final class ModulationGraph {

  private static final int GATE_AFTER = 3;

  private final GraphBuilder graph;
  private final OnnxOps ops;
  private final int hiddenSize;
  private final Value modulated;
  private final Layers layers;
  private final Value activated;

  ModulationGraph(Layers tokens, int hiddenSize) {
    this.graph = tokens.graph;
    this.ops = tokens.ops;
    this.hiddenSize = hiddenSize;
    Value time = graph.input("time", DataType.FLOAT32, "batch", hiddenSize);
    modulated = graph.input("modulated", DataType.BOOL, 1);
    Value perRow = ops.unsqueeze(time, 1);
    // One modulation per row of the batch: [B, 1, ·] spreads over the positions.
    layers = new Layers(graph, perRow);
    activated = ops.silu(perRow);
  }

  /** [shift1, scale1, gate1, shift2, scale2, gate2], each [B, 1, H]. */
  List<Value> ofBlock(String key) {
    return chunks(key, 6);
  }

  /** [shift, scale], each [B, 1, H]. */
  List<Value> ofFinalLayer(String key) {
    return chunks(key, 2);
  }

  private List<Value> chunks(String key, int count) {
    Value values = layers.linear(activated, key);
    return ops.split(ops.where(modulated, values, identity(count)), count, -1);
  }

  private Value identity(int count) {
    float[] values = new float[count * hiddenSize];
    for (int chunk = GATE_AFTER - 1; chunk < count; chunk += GATE_AFTER) {
      Arrays.fill(values, chunk * hiddenSize, (chunk + 1) * hiddenSize, 1f);
    }
    return graph.floats(values, 1, 1, values.length);
  }

  /** x · (1 + scale) + shift. */
  Value modulate(Value x, Value shift, Value scale) {
    return ops.add(ops.multiply(x, ops.add(scale, graph.scalar(1f))), shift);
  }
}
