package dev.showo2.export.internal.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.model.Architecture;
import java.util.Arrays;
import java.util.List;

/** Hidden states of one segment to velocities per token (SPEC 6). */
final class FlowHeadGraph {

  private static final double HEAD_NORM_EPSILON = 1e-6;
  private static final double FINAL_NORM_EPSILON = 1e-6;

  private final Architecture architecture;
  private final Architecture.FlowHead sizes;
  private final GraphBuilder graph;
  private final OnnxOps ops;

  private FlowHeadGraph(Architecture architecture, WeightLocations weights, Dialect dialect) {
    this.architecture = architecture;
    this.sizes = architecture.flowHead();
    this.graph = new GraphBuilder("flow_head", weights, dialect);
    this.ops = new OnnxOps(graph);
  }

  static ModelProto build(Architecture architecture, WeightLocations weights, Dialect dialect) {
    return new FlowHeadGraph(architecture, weights, dialect).build();
  }

  private ModelProto build() {
    Value hidden =
        graph.input(
            "hidden", DataType.FLOAT32, "batch", "sequence", architecture.backbone().hiddenSize());
    Layers layers = new Layers(graph, hidden);
    ModulationGraph modulation = new ModulationGraph(layers, sizes.hiddenSize());
    CachedAttentionGraph attention =
        CachedAttentionGraph.of(
            layers,
            hidden,
            new CachedAttentionGraph.Heads(sizes.heads(), sizes.keyValueHeads(), sizes.headSize()),
            RotaryFrequencies.scaled(sizes.ropeTheta(), sizes.headSize(), sizes.ropeScaling()));

    Value x = architecture.projectsHidden() ? project(layers, hidden) : hidden;
    for (int layer = 0; layer < sizes.layers(); layer++) {
      x = block(layers, attention, modulation, layer, x);
    }
    Value velocity = finalLayer(layers, modulation, x);

    int patch = architecture.patchSize() * architecture.patchSize();
    // The first row is the time token's; it has done its work within the attention.
    graph.output(
        ops.dropFirst(velocity, 1, 1),
        "velocity",
        DataType.FLOAT32,
        "batch",
        "tokens",
        patch * architecture.vae().latentChannels());
    return graph.build();
  }

  private Value project(Layers layers, Value hidden) {
    return layers.linear(ops.gelu(layers.linear(hidden, "diff_proj.0")), "diff_proj.2");
  }

  private Value block(
      Layers layers,
      CachedAttentionGraph attention,
      ModulationGraph modulation,
      int layer,
      Value x) {
    String key = "diffusion_head_a." + layer;
    return graph.within(
        "block." + layer,
        () -> {
          List<Value> m = modulation.ofBlock(key + ".adaLN_modulation.1");
          Value shift1 = m.get(0);
          Value scale1 = m.get(1);
          Value gate1 = m.get(2);
          Value shift2 = m.get(3);
          Value scale2 = m.get(4);
          Value gate2 = m.get(5);

          Value normed = layers.rmsNorm(x, key + ".input_layernorm", sizes.normEpsilon());
          Value attended =
              attend(
                  layers,
                  attention,
                  modulation,
                  layer,
                  modulation.modulate(normed, shift1, scale1));
          Value mixed = ops.add(x, ops.multiply(gate1, attended));
          Value mixedNormed =
              layers.rmsNorm(mixed, key + ".post_attention_layernorm", sizes.normEpsilon());
          Value fed = layers.swiGlu(modulation.modulate(mixedNormed, shift2, scale2), key + ".mlp");
          return ops.add(mixed, ops.multiply(gate2, fed));
        });
  }

  private Value attend(
      Layers layers,
      CachedAttentionGraph attention,
      ModulationGraph modulation,
      int layer,
      Value x) {
    String key = "diffusion_head_a." + layer + ".self_attn";
    Value values = layers.linearWithoutBias(x, key + ".v_proj");
    Value attended =
        attention.attend(
            layer,
            layers.linearWithoutBias(x, key + ".q_proj"),
            layers.linearWithoutBias(x, key + ".k_proj"),
            layer == sizes.layers() - 1
                ? modulation.markedForCache(layers.markedForCache(values))
                : values,
            (which, heads) ->
                layers.headNorm(heads, key + "." + which + "_norm", HEAD_NORM_EPSILON));
    return layers.linearWithoutBias(attended, key + ".o_proj");
  }

  private Value finalLayer(Layers layers, ModulationGraph modulation, Value x) {
    String key = "diffusion_head_b";
    List<Value> m = modulation.ofFinalLayer(key + ".adaLN_modulation.1");
    Value normed = layers.rmsNorm(x, key + ".norm_final", FINAL_NORM_EPSILON);
    Value modulated = modulation.modulate(normed, m.get(0), m.get(1));
    return layers.marked(modulation.marked(layers.linear(modulated, key + ".linear")));
  }

  /**
   * Shifts, scales and gates that a time vector gives, or those that change nothing for segments
   * without a time: shift 0, scale 0, gate 1.
   */
  private static final class ModulationGraph {

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

    /** As {@link Layers#marked}, by the values that the modulations were computed from. */
    Value marked(Value x) {
      return layers.marked(x);
    }

    /** As {@link Layers#markedForCache}. */
    Value markedForCache(Value x) {
      return layers.markedForCache(x);
    }

    /** x · (1 + scale) + shift. */
    Value modulate(Value x, Value shift, Value scale) {
      return ops.add(ops.multiply(x, ops.add(scale, graph.scalar(1f))), shift);
    }
  }
}
