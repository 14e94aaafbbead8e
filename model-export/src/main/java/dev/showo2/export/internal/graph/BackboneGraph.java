package dev.showo2.export.internal.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.model.Architecture;

/** The Qwen2.5 decoder over one segment (SPEC 4). */
final class BackboneGraph {

  private BackboneGraph() {}

  static ModelProto build(Architecture architecture, WeightLocations weights, Dialect dialect) {
    Architecture.Decoder sizes = architecture.backbone();
    GraphBuilder graph = new GraphBuilder("backbone", weights, dialect);
    Value x = graph.input("embeddings", DataType.FLOAT32, "batch", "sequence", sizes.hiddenSize());
    Layers layers = new Layers(graph, x);
    RotaryGraph rotary =
        new RotaryGraph(graph, RotaryFrequencies.plain(sizes.ropeTheta(), sizes.headSize()));
    CachedAttentionGraph attention =
        new CachedAttentionGraph(
            layers,
            sizes.heads(),
            sizes.keyValueHeads(),
            sizes.headSize(),
            rotary,
            CachedAttentionGraph.maskInput(graph));
    for (int layer = 0; layer < sizes.layers(); layer++) {
      x = layer(layers, attention, sizes, layer, x);
    }
    Value hidden = layers.rmsNorm(x, "showo.model.norm", sizes.normEpsilon());
    graph.output(hidden, "hidden", DataType.FLOAT32, "batch", "sequence", sizes.hiddenSize());
    return graph.build();
  }

  private static Value layer(
      Layers layers,
      CachedAttentionGraph attention,
      Architecture.Decoder sizes,
      int layer,
      Value x) {
    String key = "showo.model.layers." + layer;
    OnnxOps ops = layers.ops;
    return layers.graph.within(
        "layer." + layer,
        () -> {
          Value normed = layers.rmsNorm(x, key + ".input_layernorm", sizes.normEpsilon());
          Value attended =
              attention.attend(
                  layer,
                  layers.linear(normed, key + ".self_attn.q_proj"),
                  layers.linear(normed, key + ".self_attn.k_proj"),
                  layers.linear(normed, key + ".self_attn.v_proj"),
                  CachedAttentionGraph.HeadNorm.NONE);
          Value mixed = ops.add(x, layers.linearWithoutBias(attended, key + ".self_attn.o_proj"));
          Value mixedNormed =
              layers.rmsNorm(mixed, key + ".post_attention_layernorm", sizes.normEpsilon());
          return ops.add(mixed, layers.swiGlu(mixedNormed, key + ".mlp"));
        });
  }
}
